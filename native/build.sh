#!/usr/bin/env bash
# Builds the native addon into build/Release/ipvs.node. Does only what make finds out of date.
set -euo pipefail
cd "$(dirname "$0")/.."
# Where the package is a dependency, npm has a node-gyp of its own on the PATH of `npm run`.
PATH=$PWD/node_modules/.bin:$PATH

fail() {
  echo "native/build.sh: $1" >&2
  exit 1
}

command -v make >/dev/null || fail "make is missing: install it (Debian: apt-get install make)"
command -v "${CXX:-g++}" >/dev/null || fail "a C++ compiler is missing: install one (Debian: apt-get install g++)"

# Node's headers: beside the running Node, or where npm's own configuration says that they are.
nodedir=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
[ -e "$nodedir/include/node/node_api.h" ] || nodedir=${npm_config_nodedir:-$(npm config get nodedir 2>/dev/null)}
[ -e "$nodedir/include/node/node_api.h" ] ||
  fail "Node's headers are missing: install them (Debian: apt-get install libnode-dev), or set npm_config_nodedir"

echo "native/build.sh: building build/Release/ipvs.node with the headers of $nodedir"
if [ ! build/config.gypi -nt binding.gyp ]; then
  node-gyp --loglevel=warn configure "--nodedir=$nodedir"
fi
node-gyp --loglevel=warn build --jobs=max
