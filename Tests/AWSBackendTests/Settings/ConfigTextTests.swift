import Model
import Signing
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite struct ConfigTextTests {
  @Test("names file and line of invalid text, and nothing of its content")
  func faults() throws {
    let cases: [(text: String, line: Int, setting: String)] = [
      ("aws_secret_access_key = SECRET", 1, "config"),
      ("[profile a]\n\n[profile SECRET", 3, "config"),
      ("[profile a]\naws_secret_access_key SECRET", 2, "config"),
      ("[profile a]\n = SECRET", 2, "config"),
      ("[profile a]\nregion = x\n# c\nSECRET", 4, "config"),
      ("[profile a]\ns3 =\n  SECRET", 3, "s3"),
      ("[profile a]\ns3 =\n  = SECRET", 3, "s3"),
    ]
    for (text, line, setting) in cases {
      let fault = try #require(SettingsWorld(config: text).fault(), "\(text)")
      #expect(fault.origin.plain == "~/.aws/config line \(line)")
      #expect(fault.setting.plain == setting)
      #expect(!"\(fault)".contains("SECRET"))
      #expect(!fault.detail.plain.contains("SECRET"))
    }
  }

  @Test("refuses bytes that are not UTF-8, with their line")
  func badBytes() throws {
    for bad: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]] {
      let text = Array("[profile a]\nregion = ".utf8) + bad + Array("\n".utf8)
      #expect {
        try ProfileSet.read(config: text, credentials: nil, home: SettingsWorld.home)
      } throws: { error in
        (error as? SettingsFault)?.origin.plain == "~/.aws/config line 2"
      }
    }
  }

  @Test("reads files with a byte order mark, with CR LF and without the same way")
  func lineEnds() throws {
    let lines = ["[profile a]", "region = eu-west-1", "s3 =", "  x = 1", "", "output = json"]
    let texts = [
      lines.joined(separator: "\n"), lines.joined(separator: "\r\n") + "\r\n",
      "\u{FEFF}" + lines.joined(separator: "\n") + "\n",
    ]
    for text in texts {
      let profile = try #require(try SettingsWorld(config: text).profiles().profile("a"))
      #expect(profile.keys == ["output", "region", "s3"])
      #expect(profile.text("region")?.value == Untrusted("eu-west-1"))
      #expect(profile.text("region")?.origin.text.plain == "~/.aws/config line 2")
      #expect(profile.text("s3", "x")?.value == Untrusted("1"))
      #expect(profile.text("s3", "x")?.origin.text.plain == "~/.aws/config line 4")
      #expect(profile.text("output")?.origin.text.plain == "~/.aws/config line 6")
    }
  }

  @Test("merges the two files key by key, and remembers the origin of each key")
  func merging() throws {
    let set = try SettingsWorld(
      config: "[profile a]\nregion = r1\naws_access_key_id = AKIDCONFIG\nrole_arn = r",
      credentials: "[a]\naws_access_key_id = AKIDCREDENTIALS\naws_secret_access_key = s"
    ).profiles()
    let profile = try #require(set.profile("a"))
    #expect(profile.text("aws_access_key_id")?.value == Untrusted("AKIDCREDENTIALS"))
    #expect(profile.text("aws_access_key_id")?.origin.isCredentialsFile == true)
    #expect(
      profile.text("aws_access_key_id")?.origin.text.plain == "~/.aws/credentials line 2")
    #expect(profile.secret("aws_secret_access_key")?.origin.isCredentialsFile == true)
    #expect(profile.text("role_arn")?.origin.isCredentialsFile == false)
  }

  @Test("keeps sessions and services apart from profiles of the same name")
  func sections() throws {
    let set = try SettingsWorld(
      config: """
        [sso-session x]
        sso_region = us-west-2
        [services x]
        sts =
          endpoint_url = https://sts.example.com
        [profile x]
        region = eu-west-1
        [x]
        region = never
        [plugins]
        endpoint = never
        """
    ).profiles()
    #expect(set.names == ["x"])
    #expect(set.profile("x")?.keys == ["region"])
    #expect(set.ssoSession("x")?.text("sso_region")?.value == Untrusted("us-west-2"))
    #expect(
      set.services("x")?.text("sts", "endpoint_url")?.value
        == Untrusted("https://sts.example.com"))
    #expect(set.ssoSession("y") == nil)
    #expect(set.services("y") == nil)
  }

  @Test("shows secret values only on request")
  func secrets() throws {
    let set = try SettingsWorld(
      credentials: """
        [a]
        aws_access_key_id = AKID
        AWS_Secret_Access_Key = hush1
        aws_session_token =
          hush2 = x
        aws_security_token = hush3
          and hush4
        """
    ).profiles()
    let profile = try #require(set.profile("a"))
    var dumped = ""
    dump(set, to: &dumped)
    for text in [dumped, "\(set)", String(reflecting: profile), "\(profile)"] {
      #expect(!text.contains("hush"))
    }
    for key in ["aws_secret_access_key", "aws_session_token", "aws_security_token"] {
      #expect(profile.text(key) == nil)
      #expect(profile.secret(key) != nil)
    }
    #expect(profile.secret("aws_secret_access_key")?.value.revealedText == "hush1")
    #expect(profile.secret("aws_security_token")?.value.revealedText == "hush3\nand hush4")
    #expect(profile.secret("aws_access_key_id") == nil)
  }

  @Test("reads a value of a hundred thousand lines in linear time")
  func longValue() throws {
    let text = "[profile a]\nnote = 0\n" + String(repeating: " 1\n", count: 100_000) + "x = y"
    let profile = try #require(try SettingsWorld(config: text).profiles().profile("a"))
    #expect(profile.text("note")?.value.bytes.count == 200_001)
    #expect(profile.text("x")?.value == Untrusted("y"))
  }

  @Test("treats a blank value as missing")
  func blank() throws {
    let profile = try #require(
      try SettingsWorld(config: "[default]\nregion = \naws_secret_access_key =").profiles()
        .profile("default"))
    #expect(profile.keys == ["aws_secret_access_key", "region"])
    #expect(!profile.has("region"))
    #expect(!profile.has("aws_secret_access_key"))
  }

  @Test("reads any text or names a line of it, with the same result each time")
  func anyText() throws {
    let pieces = [
      "[", "]", "profile ", "default", "sso-session ", "services ", "a", "b-1", "=", " ", "\t",
      "\n", "\n", "\n ", "\r\n", "#", ";", "region", "aws_secret_access_key", "hush", "\u{FEFF}",
      "ü", "😂", "\u{0}", "[profile a]\n", "\nkey = value\n", "\n sub = value\n", "\nkey =\n",
    ]
    var random = SeededRandom(seed: 20_261_123)
    var faults = 0
    for _ in 0..<3_000 {
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 0...24, using: &random) {
        text += (pieces.randomElement(using: &random) ?? "").utf8
        if Int.random(in: 0..<40, using: &random) == 0 {
          text.append(UInt8.random(in: 0...255, using: &random))
        }
      }
      let first = Self.outcome(text)
      #expect(first == Self.outcome(text))
      let lines = text.count(where: { $0 == 0x0A || $0 == 0x0D }) + 1
      guard case .failure(let fault) = first else { continue }
      faults += 1
      let number = fault.origin.plain.split(separator: " ").last.flatMap { Int($0) }
      #expect((1...lines).contains(try #require(number)))
      #expect(!fault.detail.plain.contains("hush"))
    }
    // Both outcomes occurred.
    #expect((300...2_900).contains(faults))
  }

  private static func outcome(_ text: [UInt8]) -> Result<[String: [String]], SettingsFault> {
    do {
      let set = try ProfileSet.read(config: text, credentials: text, home: SettingsWorld.home)
      return .success(
        Dictionary(uniqueKeysWithValues: set.names.map { ($0, set.profile($0)?.keys ?? []) }))
    } catch {
      return .failure(error)
    }
  }

  @Test("a text written by the grammar is read back")
  func roundTrip() throws {
    var random = SeededRandom(seed: 7)
    let names = ["default", "a", "b.c", "d@e", "f/g", "h%i", "j:k", "l+m", "N_o-9"]
    let keys = ["region", "role_arn", "output", "endpoint_url", "x"]
    for _ in 0..<200 {
      var expected: [String: [String: String]] = [:]
      var text = ""
      for _ in 0..<8 {
        let name = names.randomElement(using: &random) ?? "a"
        text += name == "default" ? "[default] # c\n" : "[profile \(name)]; c\n"
        expected[name, default: [:]].merge([:]) { $1 }
        for _ in 0..<Int.random(in: 0...3, using: &random) {
          let key = keys.randomElement(using: &random) ?? "x"
          let value = "v\(Int.random(in: 0..<99, using: &random))=# ; no comment"
          text += "\(key)\t= \(value)\t\n; comment\n\n"
          expected[name]?[key] = value
        }
      }
      let set = try SettingsWorld(config: text).profiles()
      #expect(set.names == expected.keys.sorted())
      for (name, properties) in expected {
        let profile = try #require(set.profile(name))
        #expect(profile.keys == properties.keys.sorted())
        for (key, value) in properties {
          #expect(profile.text(key)?.value == Untrusted(value))
        }
      }
    }
  }
}
