// What this process gives up for good, which Node cannot do. Knows nothing of Node.
#pragma once

namespace privileges {

// From now on no program that the calling thread starts gains privileges by a set-user-ID bit or file capabilities, nor
// does any that those start. Returns 0 or an errno.
int ForbidNew();

}  // namespace privileges
