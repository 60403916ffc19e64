// Datagrams to the service manager, which Node cannot send. Knows nothing of Node.
#pragma once

#include <string>

namespace notify {

// Sends one message to the Unix socket at `address`: a path, or a name in the abstract namespace after an `@`. Never
// waits. Returns 0 or an errno.
int Send(const std::string& address, const std::string& message);

}  // namespace notify
