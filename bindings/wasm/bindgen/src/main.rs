//! Writes the JavaScript that speaks to a WebAssembly module, and the module without what was there for this only.
//!
//! `byleave-wasm-bindgen MODULE NAME FOLDER`: the target is `web`, which is also what bundlers read, for it fetches the module
//! by `new URL('…', import.meta.url)` or takes it from whoever has it.

use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [module, name, folder] = words.as_slice() else {
        eprintln!("byleave-wasm-bindgen MODULE NAME FOLDER");
        return ExitCode::from(2);
    };
    let written = Bindgen::new().web(true).and_then(|bindgen| {
        bindgen
            .input_path(module)
            .out_name(name)
            .typescript(false)
            // Where the module is, is said in the JavaScript of ours: a module that nobody has asked for is bundled by nobody.
            .omit_default_module_path(true)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(folder)
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:?}");
            ExitCode::FAILURE
        }
    }
}
