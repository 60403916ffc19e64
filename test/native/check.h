// Just enough to say what a test expects. A failure is printed and counted; the test goes on.
#pragma once

#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace test {

struct Case {
  std::string name;
  std::function<void()> run;
};

inline std::vector<Case>& Cases() {
  static std::vector<Case> cases;
  return cases;
}

inline int& Failures() {
  static int failures = 0;
  return failures;
}

struct Registration {
  Registration(std::string name, std::function<void()> run) { Cases().push_back({std::move(name), std::move(run)}); }
};

template <typename A, typename B>
void ExpectEqual(const A& actual, const B& expected, const char* text, const char* file, int line) {
  if (actual == expected) return;
  Failures()++;
  std::cerr << file << ":" << line << ": " << text << " is " << +actual << ", not " << +expected << "\n";
}

}  // namespace test

#define JOIN_TOKENS_(a, b) a##b
#define JOIN_TOKENS(a, b) JOIN_TOKENS_(a, b)

// TEST("what holds") { … }
#define TEST_(name, id)                                                                    \
  static void JOIN_TOKENS(TestBody, id)();                                                 \
  static const test::Registration JOIN_TOKENS(kTest, id)(name, JOIN_TOKENS(TestBody, id)); \
  static void JOIN_TOKENS(TestBody, id)()
#define TEST(name) TEST_(name, __COUNTER__)

#define EXPECT_EQUAL(actual, expected) test::ExpectEqual((actual), (expected), #actual, __FILE__, __LINE__)
#define EXPECT(condition) test::ExpectEqual(static_cast<bool>(condition), true, #condition, __FILE__, __LINE__)
