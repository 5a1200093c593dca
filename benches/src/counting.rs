//! An allocator that counts: how often somebody asks for memory, and how much is held. For measuring only; each binary
//! that wants it makes it its own. Counts are of the thread that asks, so that tests beside each other do not mix.
#![allow(unsafe_code)] // the trait of allocators is unsafe; all that is done here is to count and pass on

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static BLOCKS: Cell<usize> = const { Cell::new(0) };
    static HELD: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, counted.
#[derive(Debug)]
pub struct Counting;

/// How often this thread has asked for memory.
pub fn blocks() -> usize {
    BLOCKS.with(Cell::get)
}

/// Bytes that this thread has asked for and not given back.
pub fn held() -> isize {
    HELD.with(Cell::get)
}

fn count(blocks: usize, bytes: isize) {
    // A thread that ends may still give memory back; nobody measures it then.
    let _ = BLOCKS.try_with(|known| known.set(known.get() + blocks));
    let _ = HELD.try_with(|known| known.set(known.get() + bytes));
}

// SAFETY: everything is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size() as isize);
        // SAFETY: the caller's promises are those that the system's allocator wants.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(0, -(layout.size() as isize));
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(1, size as isize - layout.size() as isize);
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }
}
