#!/usr/bin/env bash
# The second target: cross-build for aarch64 and run the tests that depend on the machine under emulation.
#
#   tests/aarch64.sh [--no-install] [--build-only]
#
# Debian ships a Rust compiler new enough for edition 2024 (`rustc-web`) together with a standard library for arm64;
# cargo is the one already installed. Everything lands in its own target directory, because two compilers must not share
# one. The test harness runs emulated too; PETREL_RUNNER tells it how to start the engine, since the kernel cannot
# execute a foreign binary by itself.
#
# An emulated engine is ten to twenty times slower, so what runs is what the processor can make go wrong:
#
# | tests | for |
# |---|---|
# | the library's own | code memory, the heap, code generation, numbers, mathematics, the clock |
# | native_stack, preserving_thunk | stack walks, hijacked returns, code memory that is used again; what a poll preserves |
# | interpreter, baseline | the way between interpreter and compiled code; feedback is the same |
# | determinism | recordings repeat themselves, and are those of the engine built for this machine |
# | tiers | every mode (tier, policy, stress) with the selection `emulated`, unless PETREL_TIERS says otherwise |
#
# Left out: what reads /proc/PID/maps (wx: they are the emulator's), and the tests of the graph as text, of reports and
# exports and of the command line, which see no machine.
#
# Exit code 77: this machine cannot run them and cannot be made to (no packages of Debian's, or nobody who may install).
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

tests=(native_stack preserving_thunk interpreter baseline determinism tiers)
packages=(rustc-web libstd-rust-web-dev:arm64 gcc-aarch64-linux-gnu libc6-dev-arm64-cross libc6:arm64 qemu-user)

target=aarch64-unknown-linux-gnu
# No `-L /usr/aarch64-linux-gnu`: that takes the loader from the cross package and libc from libc6:arm64, and where the
# two versions differ, every thread creation spins for ever in a list that the other half never initialized.
emulator="qemu-aarch64"
loader=/lib/ld-linux-aarch64.so.1

say() { echo "aarch64.sh: $*" >&2; }

present() {
  [ -x /usr/bin/rustc ] && [ -e "$loader" ] && [ -d "/usr/lib/rustlib/$target" ] &&
    command -v aarch64-linux-gnu-gcc >/dev/null && command -v "$emulator" >/dev/null
}

install_packages() {
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      say "SKIPPED, nothing was tested on aarch64: the cross toolchain is not installed, and only root may install it:"
      say "  ${packages[*]}"
      exit 77
    fi
    sudo=(sudo)
  fi
  if ! command -v apt-get >/dev/null; then
    say "SKIPPED, nothing was tested on aarch64: no apt-get here to install Debian's cross toolchain with"
    exit 77
  fi
  "${sudo[@]}" dpkg --add-architecture arm64 && "${sudo[@]}" apt-get update -qq &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${packages[@]}"
}

if [ "$(uname -m)" = aarch64 ]; then
  say "this machine is aarch64 already; the ordinary tests cover it"
  exit 0
fi
if ! present; then
  if [ "$install" = no ]; then
    say "the cross toolchain is not installed"
    exit 1
  fi
  if ! install_packages || ! present; then
    say "FAILED: the cross toolchain could not be installed (${packages[*]})"
    exit 1
  fi
fi

# The engine of this machine, whose deterministic recordings the emulated one must repeat.
cargo build --locked --bin petrel
export PETREL_OTHER="$(realpath "${CARGO_TARGET_DIR:-target}")/debug/petrel"

export RUSTC=/usr/bin/rustc
export CARGO_TARGET_DIR="$PWD/target-aarch64"
export CARGO_BUILD_TARGET="$target"
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="$emulator"
export CARGO_PROFILE_DEV_DEBUG=0
export PETREL_RUNNER="$emulator"
export PETREL_TIERS="${PETREL_TIERS:-emulated}"

selection=()
for test in "${tests[@]}"; do selection+=(--test "$test"); done

"$RUSTC" --version
cargo test --locked --no-run --lib "${selection[@]}"
[ "$build_only" = no ] || exit 0

cargo test --locked --lib "${selection[@]}"
