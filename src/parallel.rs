//! Work on many items at once, with the results in the order of the items.
//!
//! How many processors there are changes how long it takes and nothing else: results are handed over one by one, in order,
//! on the thread that asked. At most a few results wait, so that memory does not grow with the number of items.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

/// Fewer items than this are done sooner than threads are started.
const FEW: usize = 16;

/// Runs `work` over all items, each thread with a state of its own, and hands the results to `take` in order.
///
/// # Errors
/// The first error of `take`; no further result is handed over.
pub fn in_order<T: Copy + Sync, S, R: Send, E>(
    items: &[T],
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    if threads == 1 || items.len() < FEW {
        let mut state = state();
        return items.iter().try_for_each(|item| take(work(&mut state, *item)));
    }
    let next = AtomicUsize::new(0);
    let (sender, receiver) = sync_channel(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            scope.spawn(|| {
                let sender = sender;
                let mut state = state();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&item) = items.get(index) else { break };
                    // Nobody takes results any more once one of them ended the run.
                    if sender.send((index, work(&mut state, item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let (mut early, mut wanted) = (BTreeMap::new(), 0);
        for (index, result) in receiver {
            early.insert(index, result);
            while let Some(result) = early.remove(&wanted) {
                take(result)?;
                wanted += 1;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for many in [0, 1, 15, 16, 1000] {
            let items: Vec<usize> = (0..many).collect();
            let mut taken = Vec::new();
            let slow = |(): &mut (), item: usize| {
                if item.is_multiple_of(7) {
                    std::thread::sleep(std::time::Duration::from_micros(50));
                }
                item * 2
            };
            let done: Result<(), ()> = in_order(
                &items,
                || (),
                slow,
                |result| {
                    taken.push(result);
                    Ok(())
                },
            );
            assert_eq!((done, taken), (Ok(()), items.iter().map(|item| item * 2).collect()));
        }
    }

    #[test]
    fn an_error_ends_the_run() {
        let items: Vec<usize> = (0..1000).collect();
        let mut taken = 0;
        let done = in_order(
            &items,
            || (),
            |(), item| item,
            |item| {
                taken += 1;
                if item == 20 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!((done, taken), (Err("full"), 21));
    }
}
