#!/usr/bin/env bash
# The second target: cross-build for aarch64 and run the tests that depend on the machine under emulation.
#
#   tests/aarch64.sh [--no-install] [--build-only]
#
# Debian ships a Rust compiler new enough for edition 2024 (`rustc-web`) together with a standard library for arm64;
# cargo is the one already installed. Everything lands in its own target directory, because two compilers must not share
# one. Under emulation run: the library's own tests of code memory, code generation, deopt and OSR, and the tiers tests
# (every program, every tier, eviction and lazy deopt included) with the quick subset of programs unless
# PETREL_TIERS says otherwise. The test harness itself runs emulated too; PETREL_RUNNER tells it how to start the
# engine, since the kernel cannot execute a foreign binary by itself.
set -euo pipefail
cd "$(dirname "$0")/.."

install=yes
build_only=no
for arg in "$@"; do
  case "$arg" in
    --no-install) install=no ;;
    --build-only) build_only=yes ;;
    *) echo "usage: tests/aarch64.sh [--no-install] [--build-only]" >&2; exit 2 ;;
  esac
done

target=aarch64-unknown-linux-gnu
# No `-L /usr/aarch64-linux-gnu`: that takes the loader from the cross package and libc from libc6:arm64, and where the
# two versions differ, every thread creation spins for ever in a list that the other half never initialized.
emulator="qemu-aarch64"
loader=/lib/ld-linux-aarch64.so.1

present() { [ -x /usr/bin/rustc ] && [ -e "$loader" ] && [ -d "/usr/lib/rustlib/$target" ] && command -v aarch64-linux-gnu-gcc >/dev/null && command -v qemu-aarch64 >/dev/null; }

if [ "$(uname -m)" = aarch64 ]; then
  echo "aarch64.sh: this machine is aarch64 already; the ordinary tests cover it"
  exit 0
fi
if ! present; then
  if [ "$install" = no ]; then
    echo "aarch64.sh: the cross toolchain is not installed" >&2
    exit 1
  fi
  sudo=""
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo dpkg --add-architecture arm64
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
    rustc-web libstd-rust-web-dev:arm64 gcc-aarch64-linux-gnu libc6-dev-arm64-cross libc6:arm64 qemu-user
fi

export RUSTC=/usr/bin/rustc
export CARGO_TARGET_DIR="$PWD/target-aarch64"
export CARGO_BUILD_TARGET="$target"
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="$emulator"
export CARGO_PROFILE_DEV_DEBUG=0
export PETREL_RUNNER="$emulator"

"$RUSTC" --version
cargo build --locked --tests --bins
[ "$build_only" = no ] || exit 0

# The rooms that meet the machine, by module path; a filter that matches nothing would pass in silence.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
cargo test --locked --lib -- runtime::heap code:: codegen:: baseline:: deopt:: osr 2>&1 | tee "$log"
if grep -q '^running 0 tests' "$log"; then
  echo "aarch64.sh: no test of the machine's rooms was found" >&2
  exit 1
fi
PETREL_TIERS="${PETREL_TIERS:-emulated}" cargo test --locked --test tiers --test determinism
