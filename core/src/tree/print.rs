//! stub
pub struct Picture;
pub struct Stats;
