//! What a linker must be told for an addon of Node.

fn main() {
    napi_build::setup();
}
