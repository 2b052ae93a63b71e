//! The running functions. States share what is below the point at which they part.

use std::rc::Rc;

use super::state::Frame;

/// The running functions, innermost first. A clone shares all of them.
#[derive(Clone, Default)]
pub(crate) struct Frames {
    top: Option<Rc<Link>>,
    depth: usize,
}

#[derive(Clone)]
struct Link {
    frame: Rc<Frame>,
    below: Option<Rc<Link>>,
}

impl Frames {
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// The innermost frame.
    pub(crate) fn top(&self) -> Option<&Rc<Frame>> {
        self.top.as_ref().map(|link| &link.frame)
    }

    pub(crate) fn top_mut(&mut self) -> Option<&mut Frame> {
        self.top.as_mut().map(|link| Rc::make_mut(&mut Rc::make_mut(link).frame))
    }

    pub(crate) fn push(&mut self, frame: Frame) {
        self.top = Some(Rc::new(Link { frame: Rc::new(frame), below: self.top.take() }));
        self.depth += 1;
    }

    pub(crate) fn pop(&mut self) -> Option<Rc<Frame>> {
        let Link { frame, below } = Rc::unwrap_or_clone(self.top.take()?);
        self.top = below;
        self.depth -= 1;
        Some(frame)
    }

    /// All frames, innermost first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Rc<Frame>> {
        links(self.top.as_ref()).map(|link| &link.frame)
    }

    /// Whether `holds` is true of each frame and the one at the same depth of `other`, where they do not share it.
    pub(crate) fn all_with(&self, other: &Self, holds: impl Fn(&Frame, &Frame) -> bool) -> bool {
        let pairs = links(self.top.as_ref()).zip(links(other.top.as_ref()));
        pairs.take_while(|(mine, theirs)| !std::ptr::eq(*mine, *theirs)).all(|(mine, theirs)| Rc::ptr_eq(&mine.frame, &theirs.frame) || holds(&mine.frame, &theirs.frame))
    }

    /// Changes each frame by the one at the same depth of `other`, where they differ. Both are equally deep.
    pub(crate) fn join(&mut self, other: &Self, join: &mut impl FnMut(&mut Rc<Frame>, &Rc<Frame>)) {
        let (mut mine, mut theirs) = (&mut self.top, &other.top);
        while let (Some(link), Some(other)) = (mine, theirs) {
            if Rc::ptr_eq(link, other) {
                return;
            }
            let link = Rc::make_mut(link);
            if !Rc::ptr_eq(&link.frame, &other.frame) {
                join(&mut link.frame, &other.frame);
            }
            (mine, theirs) = (&mut link.below, &other.below);
        }
    }
}

fn links(top: Option<&Rc<Link>>) -> impl Iterator<Item = &Link> {
    std::iter::successors(top.map(AsRef::as_ref), |link| link.below.as_deref())
}
