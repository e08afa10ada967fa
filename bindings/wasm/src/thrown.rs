//! Why there is no answer, on its way to JavaScript: the fault's text is thrown, of which the JavaScript around this makes the
//! classes that hosts see. Nothing here catches a panic: in a browser a panic is a trap, which the JavaScript tells as `internal`.

use byleave_host::Fault;
use wasm_bindgen::JsValue;

/// What every call gives: an answer, or what is thrown.
pub type Result<T> = std::result::Result<T, Thrown>;

/// A fault, to be thrown.
pub struct Thrown(Fault);

impl<F: Into<Fault>> From<F> for Thrown {
    fn from(fault: F) -> Thrown {
        Thrown(fault.into())
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> JsValue {
        JsValue::from_str(&thrown.0.text())
    }
}
