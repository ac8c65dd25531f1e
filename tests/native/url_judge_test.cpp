// Where personal data may be sent to, judged from what the platform's URL parser says.

#include "url_judge.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "support/urls.hpp"

namespace pst::test {
namespace {

std::string judged(std::string_view url, EndpointKind kind = EndpointKind::webhook) {
  const auto code = judge_url(url_fact(url), kind);
  return code ? std::string(name_of(*code)) : "fine";
}

TEST(UrlJudge, AllowsHttps) {
  for (const std::string_view url :
       {"https://bots.example.com", "https://bots.example.com:8443/a?b=c#d", "HTTPS://BOTS.EXAMPLE.COM/",
        "https://10.0.0.1/", "https://[2001:db8::1]/", "https://localhost/"}) {
    EXPECT_EQ(judged(url), "fine") << url;
  }
}

TEST(UrlJudge, AllowsPlainHttpOnTheLoopbackInterfaceOnly) {
  for (const std::string_view url :
       {"http://localhost", "http://localhost:8787/a", "http://LOCALHOST/", "http://app.localhost:1/",
        "http://127.0.0.1:8787/", "http://127.255.255.254/", "http://[::1]:8787/"}) {
    EXPECT_EQ(judged(url), "fine") << url;
  }
  for (const std::string_view url :
       {"http://bots.example.com/", "http://localhost.example.com/", "http://notlocalhost/",
        "http://127.0.0.1.example.com/", "http://128.0.0.1/", "http://10.0.0.1/", "http://0.0.0.0/", "http://[::]/",
        "http://[::ffff:7f00:1]/", "http://127.evil/", "http://12700.example/", "http://192.168.127.1/"}) {
    EXPECT_EQ(judged(url), "url_insecure") << url;
  }
}

TEST(UrlJudge, RefusesEveryOtherScheme) {
  for (const std::string_view url :
       {"ftp://bots.example.com/", "ws://localhost/", "wss://bots.example.com/", "file:///etc/passwd",
        "javascript:alert(1)", "data:text/plain,x", "blob:https://x/1", "mailto:a@b"}) {
    EXPECT_EQ(judged(url), "url_invalid") << url;
  }
}

TEST(UrlJudge, RefusesUserInfo) {
  for (const std::string_view url : {"https://user@bots.example.com/", "https://user:secret@bots.example.com/",
                                     "http://user@localhost/", "https://:secret@bots.example.com/"}) {
    EXPECT_EQ(judged(url), "url_invalid") << url;
  }
}

TEST(UrlJudge, RefusesWhatThePlatformCannotParse) {
  EXPECT_EQ(judge_url(std::nullopt, EndpointKind::webhook), ErrorCode::url_invalid);
  for (const std::string_view url :
       {"", "handoff", "/handoff", "//bots.example.com/handoff", "https://", "bots.example.com"}) {
    EXPECT_EQ(judged(url), "url_invalid") << url;
  }
}

TEST(UrlJudge, TheBaseOfADialogflowPathHasNoQueryAndNoFragment) {
  EXPECT_EQ(judged("https://broker.example.com/base", EndpointKind::dialogflow_cx), "fine");
  EXPECT_EQ(judged("https://broker.example.com/?a=b", EndpointKind::dialogflow_cx), "url_invalid");
  EXPECT_EQ(judged("https://broker.example.com/#a", EndpointKind::dialogflow_cx), "url_invalid");
}

TEST(UrlJudge, AFactThatSaysNothingIsRefused) {
  EXPECT_EQ(judge_url(UrlFact{}, EndpointKind::webhook), ErrorCode::url_invalid);
}

TEST(DialogflowPath, IsThatOfAnAgentOrAnEnvironment) {
  EXPECT_TRUE(is_dialogflow_path("projects/p/locations/us-central1/agents/a", "agent"));
  EXPECT_TRUE(is_dialogflow_path("projects/p/locations/l/agents/a/environments/e", "agent"));
  EXPECT_TRUE(is_dialogflow_path("projects/p/locations/l/agents/a/environments/e", "environment"));
  EXPECT_FALSE(is_dialogflow_path("projects/p/locations/l/agents/a", "environment"));
}

TEST(DialogflowPath, RefusesWhatCouldLeadElsewhere) {
  for (const std::string_view path : {"",
                                      "projects",
                                      "projects/p",
                                      "projects/p/locations/l",
                                      "projects/p/locations/l/agents",
                                      "projects/p/locations/l/agents/",
                                      "projects//locations/l/agents/a",
                                      "/projects/p/locations/l/agents/a",
                                      "projects/p/locations/l/agents/a/",
                                      "projects/p/locations/l/agents/a/environments",
                                      "projects/p/locations/l/agents/a/environments/",
                                      "projects/p/locations/l/agents/a/environments/e/x",
                                      "projects/p/locations/l/agents/a?x=1",
                                      "projects/p/locations/l/agents/a#x",
                                      "projects/p/locations/l/agents/a%2F",
                                      "projects/p/locations/l/agents/a b",
                                      "projects/p/locations/l/agents/a\\b",
                                      "projects/p/agents/a",
                                      "locations/l/projects/p/agents/a",
                                      "PROJECTS/p/locations/l/agents/a",
                                      "projects/p/locations/l/agents/a/sessions/s",
                                      "https://evil.example/projects/p/locations/l/agents/a"}) {
    EXPECT_FALSE(is_dialogflow_path(path, "agent")) << path;
    EXPECT_FALSE(is_dialogflow_path(path, "environment")) << path;
  }
}

TEST(DialogflowPath, RefusesDotSegmentsThatWouldClimbOutOfThePath) {
  EXPECT_FALSE(is_dialogflow_path("projects/../locations/l/agents/a", "agent"));
  EXPECT_FALSE(is_dialogflow_path("projects/p/locations/l/agents/..", "agent"));
  EXPECT_FALSE(is_dialogflow_path("projects/p/locations/./agents/a", "agent"));
  EXPECT_FALSE(is_dialogflow_path("projects/p/locations/l/agents/a\n", "agent"));
}

}  // namespace
}  // namespace pst::test
