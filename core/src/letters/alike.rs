//! Letters that stand for others: ligatures and small capitals, and letters of other alphabets that look like Latin ones.

/// What a letter is read as.
#[derive(Clone, Copy)]
pub(super) struct Plain {
    /// Latin letters.
    pub letters: &'static str,
    /// Nobody who writes by hand takes this letter.
    pub disguise: bool,
}

/// Pairs of a letter and what it looks like, lower case. Small capitals, Cyrillic, Greek.
const LOOKS: &[(&str, &str)] = &[
    ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),
    ("аеорсухіјѕԁһԛԝвкмнтьӏ", "aeopcyxijsdhqwbkmhtbl"),
    ("αορτυνικεχηβμζ", "aoptynikexhbmz"),
];
const A_TO_Z: &str = "abcdefghijklmnopqrstuvwxyz";

/// What a letter of lower case is read as; `None`: as itself.
pub(super) fn latin(letter: char) -> Option<Plain> {
    if letter.is_ascii() {
        return None;
    }
    let plain = |letters, disguise| Some(Plain { letters, disguise });
    match letter {
        'ß' => return plain("ss", false),
        'æ' => return plain("ae", false),
        'œ' => return plain("oe", false),
        'ø' => return plain("o", false),
        'ł' => return plain("l", false),
        'đ' | 'ð' => return plain("d", false),
        'ı' => return plain("i", false),
        'ħ' => return plain("h", false),
        _ => {}
    }
    // White letters on black discs and squares, and the letters of flags.
    let emoji = match u32::from(letter) {
        n @ 0x1f150..=0x1f169 => Some(n - 0x1f150),
        n @ 0x1f170..=0x1f189 => Some(n - 0x1f170),
        n @ 0x1f1e6..=0x1f1ff => Some(n - 0x1f1e6),
        _ => None,
    };
    if let Some(n) = emoji {
        return nth(A_TO_Z, n as usize).map(|letters| Plain { letters, disguise: true });
    }
    LOOKS.iter().find_map(|(from, to)| {
        let at = from.chars().position(|it| it == letter)?;
        nth(to, at).map(|letters| Plain { letters, disguise: true })
    })
}

/// The letter of that number; all of them are ASCII.
fn nth(letters: &'static str, n: usize) -> Option<&'static str> {
    letters.get(n..=n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_its_like() {
        for (from, to) in LOOKS {
            assert_eq!(from.chars().count(), to.len(), "{from}");
            assert!(to.is_ascii());
        }
        assert!(latin('s').is_none() && latin('é').is_none() && latin('字').is_none());
    }
}
