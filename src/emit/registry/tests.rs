//! Order, contradiction, spelling, and readers of hostile bytes. Real readers: `tests/windows.rs`.

use super::*;
use crate::vendor::registry::RegistryKey;
use proptest::prelude::*;

fn operation(hive: Hive, key: &str, name: &str, action: RegistryAction) -> RegistryOperation {
    RegistryOperation { hive, key: RegistryKey::new(key).unwrap(), name: name.to_owned(), action }
}

fn set(key: &str, name: &str, data: RegistryData) -> RegistryOperation {
    operation(Hive::User, key, name, RegistryAction::Set(data))
}

fn reg_text(operations: &[RegistryOperation]) -> String {
    let artifacts = render(operations).unwrap();
    let units: Vec<u16> = artifacts[0].bytes.as_chunks::<2>().0.iter().map(|&pair| u16::from_le_bytes(pair)).collect();
    assert_eq!(units[0], 0xFEFF);
    String::from_utf16(&units[1..]).unwrap()
}

fn sample() -> Vec<RegistryOperation> {
    vec![
        set("software\\B", "z", RegistryData::Dword(0xFFFF_FFFF)),
        operation(Hive::User, "software\\b", "", RegistryAction::DeleteAllValues),
        set("Software\\a", "Quote\"d", RegistryData::Text("C:\\x \"y\"".to_owned())),
        operation(Hive::Machine, "software\\m", "gone", RegistryAction::DeleteValue),
        set("software\\b", "A", RegistryData::MultiText(vec!["ä".to_owned(), "b".to_owned()])),
        set("software\\b", "line", RegistryData::Text("a\nb".to_owned())),
    ]
}

#[test]
fn the_registry_file_is_sorted_and_empties_a_key_before_it_fills_it() {
    let expected = "Windows Registry Editor Version 5.00\r\n\
        \r\n[HKEY_LOCAL_MACHINE\\software\\m]\r\n\"gone\"=-\r\n\
        \r\n[HKEY_CURRENT_USER\\Software\\a]\r\n\"Quote\\\"d\"=\"C:\\\\x \\\"y\\\"\"\r\n\
        \r\n[-HKEY_CURRENT_USER\\software\\b]\r\n\
        \r\n[HKEY_CURRENT_USER\\software\\b]\r\n\"A\"=hex(7):e4,00,00,00,62,00,00,00,00,00\r\n\
        \"line\"=hex(1):61,00,0a,00,62,00,00,00\r\n\"z\"=dword:ffffffff\r\n";
    assert_eq!(reg_text(&sample()), expected);
}

#[test]
fn the_order_of_the_operations_makes_no_difference() {
    let mut turned = sample();
    turned.reverse();
    assert_eq!(render(&turned), render(&sample()));
}

#[test]
fn each_hive_has_its_own_policy_file_and_an_empty_one_is_not_written() {
    let paths = |operations: &[RegistryOperation]| -> Vec<String> {
        render(operations).unwrap().into_iter().map(|artifact| artifact.path).collect()
    };
    assert_eq!(paths(&sample()), ["outlook/outlook.reg", "outlook/user.pol", "outlook/machine.pol"]);
    assert_eq!(paths(&sample()[..1]), ["outlook/outlook.reg", "outlook/user.pol"]);
    assert_eq!(paths(&sample()[3..4]), ["outlook/outlook.reg", "outlook/machine.pol"]);
    assert!(paths(&[]).is_empty());
}

#[test]
fn a_record_has_the_bytes_of_the_specification() {
    let bytes = pol::write(&pol::records(&[set("k", "v", RegistryData::Dword(5))]).unwrap());
    assert_eq!(bytes, b"PReg\x01\0\0\0[\0k\0\0\0;\0v\0\0\0;\0\x04\0\0\0;\0\x04\0\0\0;\0\x05\0\0\0]\0");
    let delete = operation(Hive::User, "k", "v", RegistryAction::DeleteValue);
    assert_eq!(pol::records(&[delete]).unwrap()[0].name, "**del.v");
    let delete_all = operation(Hive::User, "k", "", RegistryAction::DeleteAllValues);
    let record = &pol::records(&[delete_all]).unwrap()[0];
    assert_eq!((record.name.as_str(), record.kind, record.data.as_slice()), ("**delvals.", 1, &b" \0\0\0"[..]));
}

#[test]
fn two_values_in_one_place_are_refused_and_one_value_twice_is_one() {
    let same = [set("k", "v", RegistryData::Dword(1)), set("K", "V", RegistryData::Dword(1))];
    assert_eq!(reg_text(&same).matches("dword").count(), 1);
    let other = [set("k", "v", RegistryData::Dword(1)), set("K", "V", RegistryData::Dword(2))];
    let Err(EmitError::Twice { place }) = render(&other) else { panic!("it is refused") };
    assert!(place.to_lowercase().contains("hkey_current_user\\k, v"), "{place}");
    let deleted = [set("k", "v", RegistryData::Dword(1)), operation(Hive::User, "k", "v", RegistryAction::DeleteValue)];
    assert!(matches!(render(&deleted), Err(EmitError::Twice { .. })));
    let hives = [set("k", "v", RegistryData::Dword(1)), operation(Hive::Machine, "k", "v", RegistryAction::DeleteValue)];
    assert!(render(&hives).is_ok());
}

#[test]
fn a_contradiction_among_equals_is_found_whatever_stands_between() {
    let operations = [1, 1, 2, 1].map(|number| set("k", "v", RegistryData::Dword(number)));
    assert!(matches!(render(&operations), Err(EmitError::Twice { .. })));
}

#[test]
fn names_that_would_be_instructions_and_text_that_would_end_early_are_refused() {
    for refused in [
        set("k", "**delvals.", RegistryData::Dword(1)),
        set("k", "a\0b", RegistryData::Dword(1)),
        set("k", "a\nb", RegistryData::Dword(1)),
        set("k", "v", RegistryData::Text("a\0b".to_owned())),
        set("k", "v", RegistryData::ExpandText("\0".to_owned())),
        set("k", "v", RegistryData::MultiText(vec!["a".to_owned(), String::new()])),
    ] {
        assert!(matches!(render(std::slice::from_ref(&refused)), Err(EmitError::Character { .. })), "{refused:?}");
    }
}

#[test]
fn every_cut_of_a_file_and_every_false_size_is_an_error() {
    let operations: Vec<_> = sample().into_iter().filter(|operation| operation.hive == Hive::User).collect();
    let file = pol::write(&pol::records(&operations).unwrap());
    let ends: Vec<usize> = (1..=operations.len()).map(|n| pol::write(&pol::records(&operations[..n]).unwrap()).len()).collect();
    for cut in 0..file.len() {
        assert_eq!(pol::read(&file[..cut]).is_ok(), cut == 8 || ends.contains(&cut), "cut at {cut}");
    }
    let one = pol::write(&pol::records(&operations[..1]).unwrap());
    let size_at = one.len() - 12;
    for size in [0u32, 3, 5, 0x7FFF_FFFF, u32::MAX] {
        let mut bad = one.clone();
        bad[size_at..size_at + 4].copy_from_slice(&size.to_le_bytes());
        assert!(pol::read(&bad).is_err(), "size {size}");
    }
    assert_eq!(pol::read(b"PReg\x02\0\0\0"), Err(pol::PolError::Header));
    assert_eq!(pol::read(b"PReg\x01\0\0\0[\0\x00\xD8\0\0"), Err(pol::PolError::Text { at: 10 }));
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic_and_what_it_takes_it_writes_back(bytes: Vec<u8>, cut: prop::sample::Index, byte: u8) {
        let _ = pol::read(&bytes);
        let mut file = pol::write(&pol::records(&sample()).unwrap());
        let at = cut.index(file.len());
        file[at] = byte;
        if let Ok(records) = pol::read(&file) {
            prop_assert_eq!(pol::write(&records), file);
        }
    }
}

#[test]
fn the_text_for_lgpo_is_ascii_until_a_value_is_not_and_refuses_what_it_cannot_spell() {
    let text = |data| {
        let files = render_for_tools(&[set("software\\x", "v", data)])?;
        Ok::<_, EmitError>(files[0].bytes.clone())
    };
    assert_eq!(text(RegistryData::Text("a b".to_owned())).unwrap(), b"User\r\nsoftware\\x\r\nv\r\nSZ:a b\r\n\r\n");
    let wide = text(RegistryData::Text("ä".to_owned())).unwrap();
    assert!(wide.starts_with(&[0xFF, 0xFE, b'U', 0]) && wide.ends_with(&[0xE4, 0, 13, 0, 10, 0, 13, 0, 10, 0]), "{wide:?}");
    let several = RegistryData::MultiText(vec!["a".to_owned(), "b".to_owned()]);
    assert!(text(several).unwrap().ends_with(b"MULTISZ:a\\0b\r\n\r\n"));
    for refused in [RegistryData::Text("a\r\nDELETE".to_owned()), RegistryData::MultiText(vec!["C:\\0".to_owned()])] {
        assert!(matches!(text(refused), Err(EmitError::Character { .. })));
    }
}
