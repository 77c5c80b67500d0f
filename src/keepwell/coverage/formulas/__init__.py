"""Pure: frames in, frames out."""
