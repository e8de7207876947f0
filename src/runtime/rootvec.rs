//! A vector of values that the collector sees.
//!
//! Rust code may keep values in locals freely, since the native stack is scanned; a plain `Vec<Value>` lives in
//! malloc'd memory and is *not*. [`RootVec`] is: it links itself into a list that belongs to its heap, and its contents
//! are exact roots for as long as it exists.
//!
//! The list is doubly linked through nodes that never move, so creating and dropping one is cheap and in any order. A
//! `RootVec` may outlive its heap; its values then mean nothing any more.

use super::value::Value;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::ptr::{self, NonNull};

struct Node {
    previous: *mut Node,
    next: *mut Node,
    values: Vec<Value>,
}

impl Node {
    fn boxed(values: Vec<Value>) -> NonNull<Node> {
        let node = Box::new(Node { previous: ptr::null_mut(), next: ptr::null_mut(), values });
        NonNull::from(Box::leak(node))
    }
}

/// The list of all [`RootVec`]s of a heap.
pub struct RootList {
    /// A node without values: the first and last of the list. Boxed, because the heap moves while it is built.
    head: NonNull<Node>,
}

impl RootList {
    pub(super) fn new() -> RootList {
        RootList { head: Node::boxed(Vec::new()) }
    }

    fn link(&self, node: NonNull<Node>) {
        // SAFETY: head and every node in the list are alive: a node unlinks itself when it is dropped. All of this
        // happens on the heap's thread, as none of the types can be sent.
        unsafe {
            let head = self.head.as_ptr();
            let next = (*head).next;
            (*node.as_ptr()).previous = head;
            (*node.as_ptr()).next = next;
            (*head).next = node.as_ptr();
            if !next.is_null() {
                (*next).previous = node.as_ptr();
            }
        }
    }

    /// Calls `f` with the contents of each vector.
    pub(super) fn for_each(&self, mut f: impl FnMut(&[Value])) {
        // SAFETY: as in `link`; the values are only read, while their owner waits for an allocation.
        unsafe {
            let mut node = (*self.head.as_ptr()).next;
            while !node.is_null() {
                f(&(*node).values);
                node = (*node).next;
            }
        }
    }
}

impl Drop for RootList {
    fn drop(&mut self) {
        // SAFETY: as in `link`. Nodes that outlive the list are left without neighbours.
        unsafe {
            let mut node = (*self.head.as_ptr()).next;
            while !node.is_null() {
                let next = (*node).next;
                (*node).previous = ptr::null_mut();
                (*node).next = ptr::null_mut();
                node = next;
            }
            drop(Box::from_raw(self.head.as_ptr()));
        }
    }
}

/// A `Vec<Value>` whose contents are roots of the heap it was made for.
pub struct RootVec {
    node: NonNull<Node>,
    _owns: PhantomData<Node>,
}

impl RootVec {
    /// An empty vector whose contents will be roots of `heap`.
    pub fn new(heap: &super::heap::Heap) -> RootVec {
        RootVec::from_vec(heap, Vec::new())
    }

    /// An empty vector with room for `capacity` values.
    pub fn with_capacity(heap: &super::heap::Heap, capacity: usize) -> RootVec {
        RootVec::from_vec(heap, Vec::with_capacity(capacity))
    }

    /// Makes the contents of an existing vector roots of `heap`.
    pub fn from_vec(heap: &super::heap::Heap, values: Vec<Value>) -> RootVec {
        let node = Node::boxed(values);
        heap.root_list().link(node);
        RootVec { node, _owns: PhantomData }
    }
}

impl Deref for RootVec {
    type Target = Vec<Value>;
    #[inline]
    fn deref(&self) -> &Vec<Value> {
        // SAFETY: the node belongs to this RootVec.
        unsafe { &(*self.node.as_ptr()).values }
    }
}

impl DerefMut for RootVec {
    #[inline]
    fn deref_mut(&mut self) -> &mut Vec<Value> {
        // SAFETY: the node belongs to this RootVec.
        unsafe { &mut (*self.node.as_ptr()).values }
    }
}

impl Drop for RootVec {
    fn drop(&mut self) {
        // SAFETY: the node belongs to this RootVec; its neighbours are alive (see `RootList::link`).
        unsafe {
            let node = Box::from_raw(self.node.as_ptr());
            if !node.previous.is_null() {
                (*node.previous).next = node.next;
            }
            if !node.next.is_null() {
                (*node.next).previous = node.previous;
            }
        }
    }
}

impl fmt::Debug for RootVec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
