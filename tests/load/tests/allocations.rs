//! A request of the portal allocates no more than what is written down, and a tenth. The figures do not depend on the
//! machine. `cargo run -p load -- allocations --write` writes new ones down.

use std::process::Command;

#[test]
fn a_request_allocates_hardly_more_than_what_is_written_down() {
    // Cargo builds it for this test; `load` looks for it beside itself.
    assert!(std::path::Path::new(env!("CARGO_BIN_EXE_counted_portal")).exists());
    let checked = Command::new(env!("CARGO_BIN_EXE_load")).arg("allocations").output().unwrap();
    let said = String::from_utf8_lossy(&checked.stdout) + String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}");
}
