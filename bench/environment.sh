# What the benchmarks share: where things are, and how to leave nothing behind. Sourced, not run.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
version=0.1.0-SNAPSHOT
work=$root/.weft/bench
mkdir -p "$work"

find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* "$HOME"/.sdkman/candidates/java/25*; do
    [ -x "$home/bin/java" ] && "$home/bin/java" -version 2>&1 | grep -q '"25' && { echo "$home"; return; }
  done
  echo "bench: needs a JDK 25; set JAVA_HOME to one" >&2
  exit 1
}
jdk=$(find_jdk)
java=$jdk/bin/java
jvm=(--enable-native-access=ALL-UNNAMED -XX:+UseCompactObjectHeaders)

# Builds the modules named, with what they need, unless their jars are there.
build() {
  local module missing=()
  for module in "$@"; do
    [ -f "$root/$module/target/weft-$module-$version.jar" ] || missing+=("$module")
  done
  [ ${#missing[@]} -eq 0 ] && return
  echo "bench: building ${missing[*]}" >&2
  (cd "$root" && ./mvnw -q -B -ntp -DskipTests package -am -pl "$(IFS=,; echo "${missing[*]}")")
}

# Debian packages, installed when missing and we may.
need() {
  local pair missing=()
  for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}"); done
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    { echo "bench: please install ${missing[*]}" >&2; exit 1; }
  echo "bench: installing ${missing[*]}" >&2
  (apt-get update && apt-get install -y --no-install-recommends "${missing[@]}") >"$work/apt.log" 2>&1 ||
    { tail -5 "$work/apt.log" >&2; exit 1; }
}

pids=()
# Starts a process in the background: start NAME COMMAND...; its pid is then in $pid.
start() {
  local name=$1; shift
  "$@" >"$work/$name.log" 2>&1 &
  pid=$!
  pids+=("$pid")
}

stop_all() {
  local each
  for each in "${pids[@]:-}"; do [ -n "$each" ] && kill "$each" 2>/dev/null || true; done
  for each in "${pids[@]:-}"; do
    [ -n "$each" ] || continue
    for _ in $(seq 50); do kill -0 "$each" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$each" 2>/dev/null || true
  done
  pids=()
}
trap stop_all EXIT
trap 'exit 130' INT TERM

# Waits until a URL answers 2xx: await URL SECONDS NAME.
await() {
  local i
  for ((i = 0; i < $2 * 10; i++)); do
    curl -fs -o /dev/null --max-time 1 "$1" && return
    sleep 0.1
  done
  echo "bench: $3 did not answer at $1 within $2 s; the end of its log:" >&2
  tail -15 "$work/$3.log" >&2
  exit 1
}
