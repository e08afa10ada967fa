//! Kinds of persons in a flat table: what a person has in common with others is one number and a few more, in one place that they
//! say themselves.

/// More words than this are one person's alone.
pub const WORDS: usize = 16;
/// The table grows no further.
const MOST: usize = 1 << 18;

/// What a person's history says: words, newest first.
pub type State = [u128; 2];

/// Numbers by what persons have in common.
pub struct Kinds {
    /// As many as are a power of two; what is not there is looked for in the next place.
    places: Vec<Place>,
    taken: usize,
}

#[derive(Clone, Copy)]
struct Place {
    state: State,
    who: u32,
    /// [`NONE`]: it is free.
    number: u32,
}

const NONE: u32 = u32::MAX;
const FREE: Place = Place { state: [0; 2], who: 0, number: NONE };

#[inline]
fn hash(who: u32, state: &State) -> usize {
    let mix = |a: u64, b: u64| {
        let all = u128::from(a ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(u128::from(b ^ 0xf39c_c060_5ced_c835));
        all as u64 ^ (all >> 64) as u64
    };
    let [a, b] = *state;
    let mut out = mix(a as u64 ^ u64::from(who).rotate_left(40), (a >> 64) as u64);
    if b != 0 {
        out = mix(out ^ b as u64, (b >> 64) as u64);
    }
    mix(out, u64::from(who)) as usize
}

impl Kinds {
    /// None yet.
    pub fn new() -> Kinds {
        Kinds { places: vec![FREE; 1 << 10], taken: 0 }
    }

    /// The number of a kind.
    #[inline]
    pub fn get(&self, who: u32, state: &State) -> Option<u32> {
        let last = self.places.len() - 1;
        let mut at = hash(who, state) & last;
        loop {
            let place = self.places.get(at)?;
            if place.number == NONE {
                return None;
            }
            if place.who == who && place.state == *state {
                return Some(place.number);
            }
            at = (at + 1) & last;
        }
    }

    /// Gives a kind its number, if there is room.
    pub fn put(&mut self, who: u32, state: &State, number: u32) {
        if self.taken >= MOST || number == NONE || self.get(who, state).is_some() {
            return;
        }
        if self.taken * 2 >= self.places.len() {
            let more = vec![FREE; self.places.len() * 2];
            let before = std::mem::replace(&mut self.places, more);
            before.into_iter().filter(|it| it.number != NONE).for_each(|it| self.place(it));
        }
        self.place(Place { state: *state, who, number });
        self.taken += 1;
    }

    /// How many kinds have a number.
    pub fn len(&self) -> usize {
        self.taken
    }

    fn place(&mut self, it: Place) {
        let last = self.places.len() - 1;
        let mut at = hash(it.who, &it.state) & last;
        while let Some(place) = self.places.get_mut(at) {
            if place.number == NONE {
                *place = it;
                return;
            }
            at = (at + 1) & last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kinds, MOST, State};

    #[test]
    fn each_kind_has_its_own_number_however_many_there_are() {
        let mut kinds = Kinds::new();
        let kind = |n: u32| -> (u32, State) { (n % 3, [u128::from(n / 3 % 5) << 112, u128::from(n / 15)]) };
        let many = MOST as u32 + 10;
        for n in 0..many {
            let (who, state) = kind(n);
            assert_eq!(kinds.get(who, &state), None, "{n}");
            kinds.put(who, &state, n);
        }
        for n in 0..many {
            let (who, state) = kind(n);
            let number = (n < MOST as u32).then_some(n);
            assert_eq!(kinds.get(who, &state), number, "{n}");
        }
        let (who, state) = kind(7);
        kinds.put(who, &state, 9);
        assert_eq!((kinds.get(who, &state), kinds.len()), (Some(7), MOST));
    }
}
