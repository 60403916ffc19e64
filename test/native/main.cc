#include "check.h"

int main() {
  for (const test::Case& test : test::Cases()) {
    const int before = test::Failures();
    test.run();
    std::cout << (test::Failures() == before ? "ok      " : "FAILED  ") << test.name << "\n";
  }
  std::cout << test::Cases().size() << " tests, " << test::Failures() << " failed checks\n";
  return test::Failures() == 0 ? 0 : 1;
}
