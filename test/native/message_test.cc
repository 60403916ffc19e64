#include "../../native/message.h"

#include <cerrno>
#include <vector>

#include "check.h"

namespace {

using netlink::Attribute;
using netlink::AttributeReader;
using netlink::Bytes;
using netlink::Message;
using netlink::MessageReader;
using netlink::MessageWriter;

std::vector<uint8_t> WriteSample() {
  std::vector<uint8_t> bytes(256);
  MessageWriter writer(bytes.data(), bytes.size());
  writer.Begin({20, NLM_F_DUMP, 7, 3, 1});
  const size_t nest = writer.BeginNested(1);
  writer.Put<uint16_t>(2, 0x1234);
  writer.PutText(3, "wrr");
  writer.EndNested(nest);
  writer.End();
  bytes.resize(writer.Written().size);
  return bytes;
}

TEST("what is written is read back") {
  const std::vector<uint8_t> bytes = WriteSample();
  MessageReader messages({bytes.data(), bytes.size()});
  Message message;
  EXPECT(messages.Next(message));
  EXPECT_EQUAL(message.type, 20);
  EXPECT_EQUAL(message.flags, NLM_F_REQUEST | NLM_F_DUMP);
  EXPECT_EQUAL(message.sequence, 7u);
  uint8_t command = 0;
  Bytes attributes;
  EXPECT(message.Generic(command, attributes));
  EXPECT_EQUAL(command, 3);
  Attribute attribute;
  EXPECT(AttributeReader(attributes).Next(attribute));
  EXPECT_EQUAL(attribute.type, 1);
  AttributeReader nested(attribute.payload);
  uint16_t number = 0;
  EXPECT(nested.Next(attribute) && attribute.CopyTo(number));
  EXPECT_EQUAL(number, 0x1234);
  EXPECT(nested.Next(attribute));
  EXPECT(attribute.Text() == "wrr");
  EXPECT(!nested.Next(attribute));
  EXPECT(!messages.Next(message));
}

TEST("a message cut short anywhere is no message") {
  const std::vector<uint8_t> bytes = WriteSample();
  for (size_t size = 0; size < bytes.size(); size++) {
    // A copy of just that size, so that any look beyond it is noticed.
    const std::vector<uint8_t> part(bytes.begin(), bytes.begin() + size);
    MessageReader messages({part.data(), part.size()});
    Message message;
    EXPECT(!messages.Next(message));
  }
}

TEST("an attribute that claims more than there is ends the reading") {
  const uint8_t bytes[] = {12, 0, 1, 0, 1, 2, 3, 4};
  AttributeReader reader({bytes, sizeof(bytes)});
  Attribute attribute;
  EXPECT(!reader.Next(attribute));
}

TEST("an attribute shorter than its own header ends the reading") {
  const uint8_t bytes[] = {3, 0, 1, 0, 8, 0, 2, 0, 0, 0, 0, 0};
  AttributeReader reader({bytes, sizeof(bytes)});
  Attribute attribute;
  EXPECT(!reader.Next(attribute));
}

TEST("the last attribute needs no padding") {
  const uint8_t bytes[] = {5, 0, 1, 0, 9};
  AttributeReader reader({bytes, sizeof(bytes)});
  Attribute attribute;
  uint8_t value = 0;
  EXPECT(reader.Next(attribute) && attribute.CopyTo(value));
  EXPECT_EQUAL(value, 9);
  EXPECT(!reader.Next(attribute));
}

TEST("a payload too short for a number leaves it alone") {
  const uint8_t bytes[] = {6, 0, 1, 0, 1, 2, 0, 0};
  AttributeReader reader({bytes, sizeof(bytes)});
  Attribute attribute;
  uint32_t value = 42;
  EXPECT(reader.Next(attribute));
  EXPECT(!attribute.CopyTo(value));
  EXPECT_EQUAL(value, 42u);
}

TEST("text without a closing NUL ends with its attribute") {
  const uint8_t bytes[] = {6, 0, 1, 0, 'r', 'r', 'x', 'x'};
  AttributeReader reader({bytes, sizeof(bytes)});
  Attribute attribute;
  EXPECT(reader.Next(attribute));
  EXPECT(attribute.Text() == "rr");
}

TEST("an error outside of the errnos is a broken message") {
  const auto error_of = [](int32_t value) {
    Message message;
    message.payload = {reinterpret_cast<const uint8_t*>(&value), sizeof(value)};
    return message.Error();
  };
  EXPECT_EQUAL(error_of(0), 0);
  EXPECT_EQUAL(error_of(-ENOENT), ENOENT);
  EXPECT_EQUAL(error_of(5), EBADMSG);
  EXPECT_EQUAL(error_of(INT32_MIN), EBADMSG);
  EXPECT_EQUAL(Message().Error(), EBADMSG);
}

TEST("a message that does not fit is left out as a whole") {
  std::vector<uint8_t> bytes(60);
  MessageWriter writer(bytes.data(), bytes.size());
  writer.Begin({20, 0, 1, 1, 1});
  writer.Put<uint32_t>(1, 1);
  EXPECT(writer.End());
  const size_t size = writer.Written().size;
  writer.Begin({20, 0, 2, 1, 1});
  const size_t nest = writer.BeginNested(1);
  for (int i = 0; i < 20; i++) writer.Put<uint64_t>(1, 1);
  writer.EndNested(nest);
  EXPECT(!writer.End());
  EXPECT_EQUAL(writer.Written().size, size);
  EXPECT(writer.AppendBarrier(3));
  EXPECT_EQUAL(writer.Written().size, size + NLMSG_HDRLEN);
}

}  // namespace
