{
  "targets": [
    {
      "target_name": "ipvs",
      "sources": [
        "native/addon.cc",
        "native/connection.cc",
        "native/convert.cc",
        "native/echo_socket.cc",
        "native/exchange.cc",
        "native/ipvs_replies.cc",
        "native/ipvs_requests.cc",
        "native/message.cc",
        "native/notify.cc",
        "native/privileges.cc",
        "native/probe_socket.cc",
        "native/probes.cc",
        "native/requests.cc",
        "native/socket.cc",
        "native/table.cc",
        "native/worker.cc"
      ],
      "include_dirs": ["<!@(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS"],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-O2"]
    }
  ]
}
