# What the side-by-side benchmarks share: the mesh around the proxies, and how CPU is counted. Sourced after environment.sh, not run.

# ---- processes ---------------------------------------------------------------------------------------------------------
workers() { local p; p=$(pgrep -P "$1" || true); echo "${p:-$1}"; }
on() { local core=$1; shift; taskset -c "$core" "$@"; }
jar() { echo "$root/$1/target/weft-$1-$version.jar"; }

# The command line of an agent, as `weft up` starts it.
agent=("$java" "${jvm[@]}" -XX:+UseSerialGC --sun-misc-unsafe-memory-access=allow -Djdk.reflect.useNativeAccessorOnly=true -Xms8m -Xmx64m -XX:TrimNativeHeapInterval=5000)

require_free() {
  local port
  for port in "$@"; do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "bench: port $port is busy; end what listens there" >&2
      exit 1
    fi
  done
}

# The nginx that answers 1 KiB, for everybody alike, at $backend.
backend_configuration() {
  local body
  body=$(head -c 1024 /dev/zero | tr '\0' x)
cat >"$work/backend.conf" <<CONF
daemon off; worker_processes 1; pid $work/backend.pid; error_log $work/backend.error;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
  server { listen 127.0.0.1:$backend backlog=4096; location / { default_type text/plain; return 200 "$body"; } } }
CONF
}

# Starts the auth service at $enrolment, which knows these workloads.
identities() {
  local workload secret
  mkdir -p "$work/state"
  for workload in "$@"; do
    secret=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
    (umask 077; echo "$secret" >"$work/state/secret-$workload"; echo "$workload=$secret" >>"$work/state/secrets")
  done
  start auth "$java" "${jvm[@]}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx192m -jar "$(jar auth-service)" --server.port=0 \
    --management.server.port=$auth_management --weft.auth.state-dir="$work/state/auth" --weft.auth.tls.port=$enrolment \
    --weft.auth.enrolment.secrets-file="$work/state/secrets"
  auth_pid=$pid
  await "http://127.0.0.1:$auth_management/actuator/health/readiness" 90 auth
}

# What the workload $2 enrols with, as settings below $1.
identity() { echo "--$1.identity.auth-service=https://127.0.0.1:$enrolment --$1.identity.trust-root=$work/state/auth/root.pem --$1.identity.enrolment-secret-file=$work/state/secret-$2"; }

# Starts the config server at $control and $feed, with the policy in $work/state/policy and these settings.
control_plane() {
  start control "$java" "${jvm[@]}" -XX:+UseSerialGC -Xmx128m -jar "$(jar config-server)" --server.port=$control \
    --management.server.port=$control_management --weft.control-plane.feed.port=$feed --weft.control-plane.state-dir="$work/state/control" \
    --spring.cloud.config.server.native.search-locations="file:$work/state/policy" \
    $(identity weft.control-plane config-server) "$@"
  control_pid=$pid
  await "http://127.0.0.1:$control_management/actuator/health/readiness" 60 control
}

# ---- measuring: of each name the caller knows ${port[name]} and ${process[name]}; $helpers are processes that are not load ----
hz=$(getconf CLK_TCK)
ticks() { local t=0 p line; for p in $1; do line=$(<"/proc/$p/stat"); line=${line##*) }; set -- $line; t=$((t + ${12} + ${13})); done; echo $t; }
busy() { awk '/^cpu /{ print $2 + $3 + $4 + $7 + $8 + $9 }' /proc/stat; }
children() { local line; line=$(<"/proc/$$/stat"); line=${line##*) }; set -- $line; echo $((${14} + ${15})); }
resident() { local r=0 p; for p in $1; do r=$((r + $(awk '/^VmRSS/{ print $2 }' "/proc/$p/status"))); done; echo $((r / 1024)); }

# One window of wrk; a CSV line: phase,cycle,name,requests,seconds,p50us,p99us,cpu ticks,rss,errors,foreign cores
saturate() {
  local cycle=$1 name=$2 log t0 t1 b0 b1 h0 h1 c0 c1
  t0=$(ticks "${process[$name]}"); h0=$(ticks "$helpers"); b0=$(busy); c0=$(children)
  log=$(on 1 wrk -t1 -c64 -d"${window}s" --latency -H "Host: backend" "http://127.0.0.1:${port[$name]}/")
  c1=$(children); b1=$(busy); t1=$(ticks "${process[$name]}"); h1=$(ticks "$helpers")
  awk -v cycle="$cycle" -v name="$name" -v cpu=$((t1 - t0)) -v rss="$(resident "${process[$name]}")" -v window="$window" -v hz="$hz" \
    -v foreign=$((b1 - b0 - (t1 - t0) - (h1 - h0) - (c1 - c0))) '
    function us(x) { return x ~ /us$/ ? x + 0 : x ~ /ms$/ ? x * 1000 : x * 1000000 }
    $1 == "50%" { p50 = us($2) } $1 == "99%" { p99 = us($2) } / requests in / { n = $1 }
    /Socket errors/ { gsub(",", ""); e += $4 + $6 + $8 + $10 } /Non-2xx/ { e += $NF }
    END { f = foreign / hz / window; printf "saturation,%d,%s,%d,%.2f,%d,%d,%d,%d,%d,%.2f\n", cycle, name, n, window, p50, p99, cpu, rss, e, f < 0 ? 0 : f }' <<<"$log"
}
