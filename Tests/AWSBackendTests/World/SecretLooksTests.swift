import Testing

@testable import AWSBackend

@Suite("Text that looks like a secret is withheld from a program's output")
struct SecretLooksTests {
  private func shown(_ text: String, isCut: Bool = false) -> String {
    String(decoding: SecretLooks.withhold(Array(text.utf8), isCut: isCut), as: UTF8.self)
  }

  @Test(
    "no part of it is left",
    arguments: [
      ("key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY no", "wJalr|MDENG|EXAMPLEKEY"),
      ("id AKIAIOSFODNN7EXAMPLE", "AKIA|EXAMPLE"),
      ("(AKIAIOSFODNN7EXAMPLE)", "AKIA|EXAMPLE"),
      ("hex deadbeefdeadbeefdead", "dead|beef"), ("0123456789abcdef0123", "0123"),
      ("HEX: DE:AD:BE:EF:00:11:22:33:44:55:66", "DE|AD|BE|66"),
      ("de ad be ef 00 11 22 33 44 55", "ef|55"),
      ("ABCDEFGHIJKLMNOPQRST", "ABC|RST"), ("abcdefghijklmnopqrstuvwx", "abc|uvw"),
      ("url%2Fencoded%2Bsecret%3D%3D", "url|secret"),
      (#"wJalr\/XUtn\/K7MD\/bPxRf"#, "wJalr|bPxRf"),
      ("abc_def-ghi_jkl-mno_pqr", "abc|pqr"), ("QUJDREVGR0hJSktMTU5PUA==", "QUJD|OUP"),
      ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc", "eyJ|abc"),
      ("Xyz8Q~aBcD.eFgH_ij~Kl", "Xyz8|ij~Kl"),
      ("password=hunter2", "hunter"),
      ("password: correct", "correct"),
      ("Password hunter2", "hunter"),
      ("--password hunter", "hunter"), ("--token abc", "abc"), (#"{"token":"abc"}"#, "abc"),
      (#"'client_secret': 'a b c'"#, "a b|b c"), ("SecretKey = x", "= x"),
      ("Authorization: Bearer abc123", "abc123"), ("token=abc", "abc"),
      ("mfa code 123456", "123456"),
      ("https://user:pa55@proxy.example:8080/", "user|pa55"), ("api_key=1", "=1"),
      ("é: AKIAIOSFODNN7EXAMPLEé", "AKIA|EXAMPLE"),
    ])
  func withheld(_ row: (said: String, secrets: String)) {
    let shown = shown(row.said)
    #expect(shown.contains("characters withheld]"), "\(shown)")
    for secret in row.secrets.split(separator: "|") { #expect(!shown.contains(secret), "\(shown)") }
  }

  @Test(
    "ordinary sentences stay as they are",
    arguments: [
      "The security token included in the request is expired", "invalid token: expired",
      "the session has expired, run aws sso login", "exit code 3", "error code: 403",
      "Unable to locate credentials", "open /etc/corp.pem: no such file or directory",
      "profile corp: incomprehensibility of the key failed", "timed out after 30 s",
      "connect: connection refused (127.0.0.1:8080)", "2026-11-22T10:00:00Z: not yet valid",
      "region us-east-1 is not enabled", "a bad face at 10:00", "Zugriff verweigert: für heute", "",
    ])
  func kept(_ text: String) {
    #expect(shown(text) == text)
  }

  @Test("the number of characters is shown, and the surrounding words stay")
  func counted() {
    #expect(
      shown("no: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY is wrong")
        == "no: [40 characters withheld] is wrong")
    #expect(shown("user=ops password=hunter2 no") == "user=ops password=[7 characters withheld] no")
  }

  @Test("19 characters are shown and 20 are not")
  func boundary() {
    for length in 1...40 {
      let run = String(repeating: "A", count: length)
      #expect(shown("x \(run) y").contains(run) == (length < 20))
    }
  }

  @Test("the last word of a truncated output may be the beginning of a secret")
  func cut() {
    #expect(shown("no key wJalr", isCut: true) == "no key [5 characters withheld]")
    #expect(shown("wJalr", isCut: true) == "[5 characters withheld]")
  }
}
