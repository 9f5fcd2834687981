//! A packed tree; what is read must be packed to the same tree again.
//!
//! A tree borrows its texts from the program, so the input holds its nodes, and before them, in two bytes, how much of a fixed
//! text is taken for the texts.
#![no_main]

use std::sync::LazyLock;

use groundplan::source::{pack, unpack};
use libfuzzer_sys::fuzz_target;

/// Longer than two bytes can say, with places at which no text can end.
static TEXTS: LazyLock<&'static str> = LazyLock::new(|| "text é".repeat(10_000).leak());

fuzz_target!(|bytes: &[u8]| {
    let Some(([low, high], nodes)) = bytes.split_first_chunk() else { return };
    let Some(texts) = TEXTS.get(..u16::from_le_bytes([*low, *high]).into()) else { return };
    if let Some(root) = unpack(nodes, texts) {
        let packed = pack(&root);
        assert_eq!(packed.texts, texts);
        assert_eq!(unpack(&packed.nodes, texts), Some(root));
    }
});
