//! Timsort over values, comparison by comparison as V8's `array-sort.tq` (after CPython's `listsort.txt` by Tim Peters).
//!
//! Natural runs, short ones extended by binary insertion, are merged pairwise under the two invariants of the stack of
//! pending runs; a merge that one side keeps winning gallops. The caller's test says whether its first argument is less
//! than its second; it may run the program's code, so both buffers are visible to the collector.

use crate::runtime::rootvec::RootVec;
use crate::runtime::runtime::JsResult;
use crate::runtime::value::Value;

const MIN_GALLOP_WINS: usize = 7;

/// Whether the first value sorts before the second.
type Less<'a> = &'a mut dyn FnMut(Value, Value) -> JsResult<bool>;

struct Sorter<'a> {
    values: &'a mut RootVec,
    temp: &'a mut RootVec,
    /// Pending runs: start and length.
    runs: Vec<(usize, usize)>,
    min_gallop: usize,
    less: Less<'a>,
}

/// Sorts, with a buffer for merges. After an exception the values are unspecified.
pub fn sort(values: &mut RootVec, temp: &mut RootVec, less: Less) -> JsResult<()> {
    let n = values.len();
    if n < 2 {
        return Ok(());
    }
    let mut s = Sorter { values, temp, runs: Vec::new(), min_gallop: MIN_GALLOP_WINS, less };
    let (mut low, mut remaining) = (0, n);
    let min_run = min_run_length(n);
    while remaining > 0 {
        let mut run = s.count_and_make_run(low, low + remaining)?;
        if run < min_run {
            let forced = min_run.min(remaining);
            s.binary_insertion_sort(low, low + run, low + forced)?;
            run = forced;
        }
        s.runs.push((low, run));
        s.merge_collapse()?;
        low += run;
        remaining -= run;
    }
    s.merge_force_collapse()
}

fn min_run_length(mut n: usize) -> usize {
    let mut r = 0;
    while n >= 64 {
        r |= n & 1;
        n >>= 1;
    }
    n + r
}

/// Next offset of a gallop.
fn stride(offset: usize) -> usize {
    (offset << 1) + 1
}

impl Sorter<'_> {
    fn less(&mut self, a: Value, b: Value) -> JsResult<bool> {
        (self.less)(a, b)
    }

    /// Length of the run at `from`; a strictly descending one is reversed.
    fn count_and_make_run(&mut self, from: usize, end: usize) -> JsResult<usize> {
        let second = from + 1;
        if second == end {
            return Ok(1);
        }
        let descending = self.less(self.values[second], self.values[from])?;
        let mut length = 2;
        for i in second + 1..end {
            if self.less(self.values[i], self.values[i - 1])? != descending {
                break;
            }
            length += 1;
        }
        if descending {
            self.values[from..from + length].reverse();
        }
        Ok(length)
    }

    fn binary_insertion_sort(&mut self, low: usize, start: usize, end: usize) -> JsResult<()> {
        let start = if start == low { start + 1 } else { start };
        for i in start..end {
            let pivot = self.values[i];
            let (mut left, mut right) = (low, i);
            while left < right {
                let middle = left + (right - left) / 2;
                if self.less(pivot, self.values[middle])? {
                    right = middle;
                } else {
                    left = middle + 1;
                }
            }
            self.values.copy_within(left..i, left + 1);
            self.values[left] = pivot;
        }
        Ok(())
    }

    fn run_invariant(&self, n: usize) -> bool {
        n < 2 || n >= self.runs.len() || self.runs[n - 2].1 > self.runs[n - 1].1 + self.runs[n].1
    }

    fn merge_collapse(&mut self) -> JsResult<()> {
        while self.runs.len() > 1 {
            let mut n = self.runs.len() - 2;
            if !self.run_invariant(n + 1) || !self.run_invariant(n) {
                if self.runs[n - 1].1 < self.runs[n + 1].1 {
                    n -= 1;
                }
                self.merge_at(n)?;
            } else if self.runs[n].1 <= self.runs[n + 1].1 {
                self.merge_at(n)?;
            } else {
                break;
            }
        }
        Ok(())
    }

    fn merge_force_collapse(&mut self) -> JsResult<()> {
        while self.runs.len() > 1 {
            let mut n = self.runs.len() - 2;
            if n > 0 && self.runs[n - 1].1 < self.runs[n + 1].1 {
                n -= 1;
            }
            self.merge_at(n)?;
        }
        Ok(())
    }

    fn merge_at(&mut self, i: usize) -> JsResult<()> {
        let ((mut base_a, mut len_a), (base_b, mut len_b)) = (self.runs[i], self.runs[i + 1]);
        self.runs[i].1 = len_a + len_b;
        self.runs.remove(i + 1);
        let key = self.values[base_b];
        let k = self.gallop_right(Side::Values, key, base_a, len_a, 0)?;
        base_a += k;
        len_a -= k;
        if len_a == 0 {
            return Ok(());
        }
        let key = self.values[base_a + len_a - 1];
        len_b = self.gallop_left(Side::Values, key, base_b, len_b, len_b - 1)?;
        if len_b == 0 {
            return Ok(());
        }
        if len_a <= len_b {
            self.merge_low(base_a, len_a, base_b, len_b)
        } else {
            self.merge_high(base_a, len_a, base_b, len_b)
        }
    }

    fn at(&self, side: Side, i: usize) -> Value {
        match side {
            Side::Values => self.values[i],
            Side::Temp => self.temp[i],
        }
    }

    /// Where `key` belongs, left of equal elements.
    fn gallop_left(&mut self, side: Side, key: Value, base: usize, length: usize, hint: usize) -> JsResult<usize> {
        let (mut last, mut offset);
        if self.less(self.at(side, base + hint), key)? {
            let max = length - hint;
            (last, offset) = (0, 1);
            while offset < max && self.less(self.at(side, base + hint + offset), key)? {
                (last, offset) = (offset, stride(offset));
            }
            offset = offset.min(max) + hint;
            last += hint + 1;
        } else {
            let max = hint + 1;
            let mut back = 0;
            offset = 1;
            while offset < max && !self.less(self.at(side, base + hint - offset), key)? {
                (back, offset) = (offset, stride(offset));
            }
            last = hint + 1 - offset.min(max);
            offset = hint - back;
        }
        while last < offset {
            let m = last + (offset - last) / 2;
            if self.less(self.at(side, base + m), key)? {
                last = m + 1;
            } else {
                offset = m;
            }
        }
        Ok(offset)
    }

    /// Where `key` belongs, right of equal elements.
    fn gallop_right(&mut self, side: Side, key: Value, base: usize, length: usize, hint: usize) -> JsResult<usize> {
        let (mut last, mut offset);
        if self.less(key, self.at(side, base + hint))? {
            let max = hint + 1;
            let mut back = 0;
            offset = 1;
            while offset < max && self.less(key, self.at(side, base + hint - offset))? {
                (back, offset) = (offset, stride(offset));
            }
            last = hint + 1 - offset.min(max);
            offset = hint - back;
        } else {
            let max = length - hint;
            (last, offset) = (0, 1);
            while offset < max && !self.less(key, self.at(side, base + hint + offset))? {
                (last, offset) = (offset, stride(offset));
            }
            offset = offset.min(max) + hint;
            last += hint + 1;
        }
        while last < offset {
            let m = last + (offset - last) / 2;
            if self.less(key, self.at(side, base + m))? {
                offset = m;
            } else {
                last = m + 1;
            }
        }
        Ok(offset)
    }

    /// Merges two adjacent runs, the first of which is the shorter: it moves to the temporary buffer.
    fn merge_low(&mut self, base_a: usize, mut len_a: usize, base_b: usize, mut len_b: usize) -> JsResult<()> {
        self.temp.clear();
        self.temp.extend_from_slice(&self.values[base_a..base_a + len_a]);
        let (mut dest, mut t, mut b) = (base_a, 0, base_b);
        self.values[dest] = self.values[b];
        dest += 1;
        b += 1;
        len_b -= 1;
        // What remains of the first run is written when the loop ends.
        let copy_b = 'merge: {
            if len_b == 0 {
                break 'merge false;
            }
            if len_a == 1 {
                break 'merge true;
            }
            let mut min_gallop = self.min_gallop;
            loop {
                let (mut wins_a, mut wins_b) = (0, 0);
                loop {
                    if self.less(self.values[b], self.temp[t])? {
                        self.values[dest] = self.values[b];
                        (dest, b, len_b) = (dest + 1, b + 1, len_b - 1);
                        (wins_a, wins_b) = (0, wins_b + 1);
                        if len_b == 0 {
                            break 'merge false;
                        }
                        if wins_b >= min_gallop {
                            break;
                        }
                    } else {
                        self.values[dest] = self.temp[t];
                        (dest, t, len_a) = (dest + 1, t + 1, len_a - 1);
                        (wins_a, wins_b) = (wins_a + 1, 0);
                        if len_a == 1 {
                            break 'merge true;
                        }
                        if wins_a >= min_gallop {
                            break;
                        }
                    }
                }
                min_gallop += 1;
                let mut first = true;
                while first || wins_a >= MIN_GALLOP_WINS || wins_b >= MIN_GALLOP_WINS {
                    first = false;
                    min_gallop = (min_gallop - 1).max(1);
                    self.min_gallop = min_gallop;
                    wins_a = self.gallop_right(Side::Temp, self.values[b], t, len_a, 0)?;
                    if wins_a > 0 {
                        self.values[dest..dest + wins_a].copy_from_slice(&self.temp[t..t + wins_a]);
                        (dest, t, len_a) = (dest + wins_a, t + wins_a, len_a - wins_a);
                        if len_a == 1 {
                            break 'merge true;
                        }
                        if len_a == 0 {
                            break 'merge false;
                        }
                    }
                    self.values[dest] = self.values[b];
                    (dest, b, len_b) = (dest + 1, b + 1, len_b - 1);
                    if len_b == 0 {
                        break 'merge false;
                    }
                    wins_b = self.gallop_left(Side::Values, self.temp[t], b, len_b, 0)?;
                    if wins_b > 0 {
                        self.values.copy_within(b..b + wins_b, dest);
                        (dest, b, len_b) = (dest + wins_b, b + wins_b, len_b - wins_b);
                        if len_b == 0 {
                            break 'merge false;
                        }
                    }
                    self.values[dest] = self.temp[t];
                    (dest, t, len_a) = (dest + 1, t + 1, len_a - 1);
                    if len_a == 1 {
                        break 'merge true;
                    }
                }
                min_gallop += 1;
                self.min_gallop = min_gallop;
            }
        };
        if copy_b {
            self.values.copy_within(b..b + len_b, dest);
            self.values[dest + len_b] = self.temp[t];
        } else {
            self.values[dest..dest + len_a].copy_from_slice(&self.temp[t..t + len_a]);
        }
        Ok(())
    }

    /// Merges two adjacent runs, the second of which is the shorter, from the right. Cursors point one past the element
    /// that they mean.
    fn merge_high(&mut self, base_a: usize, mut len_a: usize, base_b: usize, mut len_b: usize) -> JsResult<()> {
        self.temp.clear();
        self.temp.extend_from_slice(&self.values[base_b..base_b + len_b]);
        let (mut dest, mut t, mut a) = (base_b + len_b, len_b, base_a + len_a);
        dest -= 1;
        a -= 1;
        self.values[dest] = self.values[a];
        len_a -= 1;
        let copy_a = 'merge: {
            if len_a == 0 {
                break 'merge false;
            }
            if len_b == 1 {
                break 'merge true;
            }
            let mut min_gallop = self.min_gallop;
            loop {
                let (mut wins_a, mut wins_b) = (0, 0);
                loop {
                    if self.less(self.temp[t - 1], self.values[a - 1])? {
                        (dest, a, len_a) = (dest - 1, a - 1, len_a - 1);
                        self.values[dest] = self.values[a];
                        (wins_a, wins_b) = (wins_a + 1, 0);
                        if len_a == 0 {
                            break 'merge false;
                        }
                        if wins_a >= min_gallop {
                            break;
                        }
                    } else {
                        (dest, t, len_b) = (dest - 1, t - 1, len_b - 1);
                        self.values[dest] = self.temp[t];
                        (wins_a, wins_b) = (0, wins_b + 1);
                        if len_b == 1 {
                            break 'merge true;
                        }
                        if wins_b >= min_gallop {
                            break;
                        }
                    }
                }
                min_gallop += 1;
                let mut first = true;
                while first || wins_a >= MIN_GALLOP_WINS || wins_b >= MIN_GALLOP_WINS {
                    first = false;
                    min_gallop = (min_gallop - 1).max(1);
                    self.min_gallop = min_gallop;
                    let k = self.gallop_right(Side::Values, self.temp[t - 1], base_a, len_a, len_a - 1)?;
                    wins_a = len_a - k;
                    if wins_a > 0 {
                        (dest, a, len_a) = (dest - wins_a, a - wins_a, len_a - wins_a);
                        self.values.copy_within(a..a + wins_a, dest);
                        if len_a == 0 {
                            break 'merge false;
                        }
                    }
                    (dest, t, len_b) = (dest - 1, t - 1, len_b - 1);
                    self.values[dest] = self.temp[t];
                    if len_b == 1 {
                        break 'merge true;
                    }
                    let k = self.gallop_left(Side::Temp, self.values[a - 1], 0, len_b, len_b - 1)?;
                    wins_b = len_b - k;
                    if wins_b > 0 {
                        (dest, t, len_b) = (dest - wins_b, t - wins_b, len_b - wins_b);
                        self.values[dest..dest + wins_b].copy_from_slice(&self.temp[t..t + wins_b]);
                        if len_b == 1 {
                            break 'merge true;
                        }
                        if len_b == 0 {
                            break 'merge false;
                        }
                    }
                    (dest, a, len_a) = (dest - 1, a - 1, len_a - 1);
                    self.values[dest] = self.values[a];
                    if len_a == 0 {
                        break 'merge false;
                    }
                }
                min_gallop += 1;
                self.min_gallop = min_gallop;
            }
        };
        if copy_a {
            dest -= len_a;
            a -= len_a;
            self.values.copy_within(a..a + len_a, dest);
            self.values[dest - 1] = self.temp[t - 1];
        } else {
            self.values[dest - len_b..dest].copy_from_slice(&self.temp[..len_b]);
        }
        Ok(())
    }
}

/// Which buffer a gallop searches.
#[derive(Clone, Copy)]
enum Side {
    Values,
    Temp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::heap::{Heap, HeapConfig};

    #[test]
    fn sorts_stably_whatever_the_pattern() {
        let heap = Heap::new(HeapConfig::default()).unwrap();
        let mut seed = 12345u32;
        let mut next = move || {
            seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
            seed >> 16
        };
        for n in [0, 1, 2, 3, 31, 64, 65, 100, 500, 3000] {
            for pattern in 0..5 {
                let input: Vec<i32> = (0..n)
                    .map(|i| match pattern {
                        0 => next() as i32 % 10,
                        1 => next() as i32,
                        2 => i,
                        3 => -i,
                        _ => (i * 7) % 100 + i / 50,
                    })
                    .collect();
                // Sorted by the key in the high part; the position in the low part shows stability.
                let tagged: Vec<Value> =
                    input.iter().enumerate().map(|(i, k)| Value::double(*k as f64 * 4096.0 + i as f64)).collect();
                let mut values = RootVec::from_vec(&heap, tagged.clone());
                let key = |v: Value| (v.as_number() / 4096.0).floor();
                sort(&mut values, &mut RootVec::new(&heap), &mut |a, b| Ok(key(a) < key(b))).unwrap();
                let mut expected = tagged;
                expected.sort_by(|a, b| key(*a).partial_cmp(&key(*b)).unwrap());
                assert_eq!(*values, expected, "{n} {pattern}");
            }
        }
    }

    #[test]
    fn a_test_that_never_says_less_changes_nothing() {
        let heap = Heap::new(HeapConfig::default()).unwrap();
        let input: Vec<Value> = [3, 1, 2, 9, 4].into_iter().map(Value::int).collect();
        let mut values = RootVec::from_vec(&heap, input.clone());
        sort(&mut values, &mut RootVec::new(&heap), &mut |_, _| Ok(false)).unwrap();
        assert_eq!(*values, input);
    }
}
