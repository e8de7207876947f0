//! t
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}
pub fn modulo(x: f64, y: f64) -> f64 {
    x % y
}
