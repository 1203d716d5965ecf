import Model
import Signing
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite("Profile files are read as the AWS CLI reads them")
struct FieldFileTests {
  /// The names and values that botocore 1.44.8 reads from these texts.
  private static let configs: [(text: String, profiles: [String: [String: String]])] = [
    (
      "[profile a]\n    region = r\n    # c\n    output = x\n",
      ["a": ["region": "r", "output": "x"]]
    ),
    ("[profile a]\n\tregion: r\n\toutput :x\n", ["a": ["region": "r", "output": "x"]]),
    (
      "[profile a]\nrole_arn: arn:aws:iam::1:role/x=y\n",
      ["a": ["role_arn": "arn:aws:iam::1:role/x=y"]]
    ),
    ("  [profile a]\n  region = r\n[profile b]\n", ["a": ["region": "r"], "b": [:]]),
    (
      "[profile a]\n\u{A0}\u{A0}region = r\u{A0}\n\u{A0}\u{A0}output = x",
      ["a": ["region": "r", "output": "x"]]
    ),
    ("[profile a]\rregion = r\routput = x", ["a": ["region": "r", "output": "x"]]),
    (
      "[profile 'Acme Prod']\n[profile \"Acme Dev\"]\n[profile Acme\\ QA]\n",
      ["Acme Prod": [:], "Acme Dev": [:], "Acme QA": [:]]
    ),
    (
      "[profile R&D]\n[profile größe]\n[profile 本番]\n[profile (eu)]\n[profile a,b]\n[profile a=b]\n[profile ~x]\n[profile a|b*!]\n",
      [
        "R&D": [:], "größe": [:], "本番": [:], "(eu)": [:], "a,b": [:], "a=b": [:], "~x": [:],
        "a|b*!": [:],
      ]
    ),
    (
      "[profile o'neil]\n[profile two words]\n[profile]\n[ profile c ]\n[profilex]\n[other]\nregion = r\n",
      [:]
    ),
    (
      "[profile a] # [not this\nregion = r\n[profile b]] text\n", ["b]": [:], "a": ["region": "r"]]
    ),
    ("[profile a] text after it\nregion = r\n", ["a": ["region": "r"]]),
    (
      "[profile a]\ncredential_process = sh -c \"true ; x\" # y\n",
      ["a": ["credential_process": "sh -c \"true ; x\" # y"]]
    ),
    (
      "[profile a]\ncredential_process = x\n  # not an argument\n  ; nor this\n  y z\n\n  w\n",
      ["a": ["credential_process": "x\ny z\n\nw"]]
    ),
    ("[profile a]\ncredential_process = x\n# c\n   y\n", ["a": ["credential_process": "x\ny"]]),
    (
      "[DEFAULT]\nregion = d\noutput = d\n[profile a]\nregion = r\n[default]\n",
      ["a": ["region": "r", "output": "d"], "default": ["region": "d", "output": "d"]]
    ),
    ("[default]\nregion = 1\n[profile default]\noutput = 2\n", ["default": ["output": "2"]]),
    ("[profile default]\nregion = 1\n[default]\noutput = 2\n", ["default": ["output": "2"]]),
    ("[profile a]\nregion = 1\n[profile 'a']\noutput = 2\n", ["a": ["output": "2"]]),
    (
      "[profile a]\nregion = r\n  [profile b]\n  output = x\n",
      ["a": ["region": "r\n[profile b]\noutput = x"]]
    ),
    ("[profile a]\nREGION = R\n", ["a": ["region": "R"]]),
    ("[profiles a]\nregion = r\n", ["a": ["region": "r"]]),
  ]

  @Test("names and layout of the config file", arguments: configs)
  func config(_ row: (text: String, profiles: [String: [String: String]])) throws {
    let set = try SettingsWorld(config: row.text).profiles()
    #expect(values(set) == row.profiles, "\(row.text)")
  }

  @Test("every section of the credentials file is a profile of exactly that name")
  func credentials() throws {
    for name in [
      "my dev", "größe", "R&D", "o'neil", "a=b", "profile x", "sso-session y", " z ", "[q]",
    ] {
      let text = "[\(name)]\n  aws_access_key_id: AKID\n  aws_secret_access_key = x ; y\n"
      let set = try SettingsWorld(credentials: text).profiles()
      #expect(set.names == [name])
      #expect(set.profile(name)?.text("aws_access_key_id")?.value == Untrusted("AKID"))
      #expect(set.profile(name)?.secret("aws_secret_access_key")?.value.revealedText == "x ; y")
      #expect(
        try SettingsWorld(credentials: text).settings(AWSOptions(profile: name)).profile.value
          == name)
    }
  }

  @Test("two names that look the same in Unicode are two profiles")
  func bytes() throws {
    let set = try SettingsWorld(
      config: "[profile gr\u{F6}\u{DF}e]\nregion = a\n[profile gro\u{308}\u{DF}e]\nregion = b\n"
    ).profiles()
    #expect(set.profile("gr\u{F6}\u{DF}e")?.text("region")?.value == Untrusted("a"))
    #expect(set.profile("gro\u{308}\u{DF}e")?.text("region")?.value == Untrusted("b"))
  }

  @Test("names of sessions and services may contain blanks")
  func sessions() throws {
    let set = try SettingsWorld(
      config: """
        [sso-session 'Acme Corp']
        sso_region = eu-west-1
        sso_start_url: https://x.awsapps.com/start
        [services 'my own']
        sts =
          endpoint_url = https://sts.example.com
        [profile p]
        sso_session = Acme Corp
        sso_account_id = 111122223333
        sso_role_name = r
        services = my own
        """
    ).profiles()
    let section = try #require(set.profile("p"))
    #expect(try SSOSettings.read(section, set)?.session == "Acme Corp")
    #expect(set.services("my own")?.text("sts", "endpoint_url") != nil)
  }

  @Test(
    "ineffective lines are reported with their number",
    arguments: [
      ("[profile two words]\n", 1, "needs quotes"), ("[profile o'neil]\n", 1, "closing quote"),
      ("[profile]\n", 1, "no name"), ("\n[plugins]\n", 2, "no section"),
      ("[profile a]\n[profile a]\n", 2, "twice"), ("[profile a]\nx = 1\nx = 2\n", 3, "x in line 2"),
      ("[profile a]\nin valid = 1\n", 2, "no setting's name"),
      ("[default]\n[profile default]\n", 2, "again"),
      ("[profile a]\nx = y\n  [profile b]\n", 3, "indented"),
    ])
  func remarks(text: String, line: Int, words: String) throws {
    let remarks = try SettingsWorld(config: text).profiles().remarks
    #expect(remarks.count == 1)
    #expect(remarks.first?.origin.text.plain == "~/.aws/config line \(line)")
    #expect(remarks.first?.text.plain.contains(words) == true)
  }

  @Test("a profile that is missing because of missing quotes is reported as such")
  func missing() throws {
    let fault = SettingsWorld(config: "[profile Acme Prod]\n").fault(
      AWSOptions(profile: "Acme Prod"))
    let told = "line 1 [profile Acme Prod]: a name with blanks needs quotes"
    #expect(fault?.detail.plain.contains(told) == true)
    let region = SettingsWorld(config: "[default]\nregion = eu-west-1 # home\n").fault()
    #expect(region?.detail.plain.contains("a comment has a line of its own") == true)
  }

  @Test("variables and ~ are expanded in the names of the files, undefined ones are kept")
  func paths() {
    let environment = ["HOME": "/home/operator", "X": "/x", "EMPTY": ""]
    for (said, path) in [
      ("$HOME/cfg", "/home/operator/cfg"), ("${HOME}/cfg", "/home/operator/cfg"),
      ("~/cfg", "/home/operator/cfg"), ("$X/$NONE/${NONE}/$", "/x/$NONE/${NONE}/$"),
      ("${X", "${X"), ("$EMPTY~/a", "/home/operator/a"), ("/a$X$X", "/a/x/x"), ("$Xy/$X", "$Xy//x"),
      ("rel/ative", "rel/ative"), ("~user/cfg", "~user/cfg"),
    ] {
      for variable in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        let found = ProfileSet.locate(
          environment.merging([variable: said]) { $1 }, home: "/home/operator")
        #expect(
          (variable == "AWS_CONFIG_FILE" ? found.config : found.credentials).path == path, "\(said)"
        )
      }
    }
  }

  @Test("a folder, a pipe or a socket in place of a file is skipped and reported")
  func noFiles() throws {
    var world = SettingsWorld(environment: ["AWS_CONFIG_FILE": "/folder"]).world
    world.files = FilesOfTexts(
      ["/home/operator/.aws/credentials": Array("[p]\naws_access_key_id = A\n".utf8)],
      noFiles: ["/folder"])
    let set = try ProfileSet.load(world)
    #expect(set.names == ["p"])
    #expect(set.warnings.map(\.origin.plain) == ["/folder"])
    #expect(set.warnings.first?.detail.plain.contains("not a regular file") == true)
  }

  @Test("the expiry is read from the keys of the tools that wrote them")
  func ends() throws {
    let keys = "aws_access_key_id = A\naws_secret_access_key = s\n"
    for (line, end) in [
      ("x_security_token_expires = 2026-11-30T09:00:00+01:00", "2026-11-30T08:00:00Z"),
      ("expiration = 2026-11-30T09:00:00Z", "2026-11-30T09:00:00Z"),
    ] {
      let set = try SettingsWorld(credentials: "[p]\n" + keys + line + "\n").profiles()
      guard case .keys(let credentials) = try ProfilePlan.read(set, "p")?.base else {
        Issue.record("no keys")
        return
      }
      #expect(credentials.expires == Timestamp(iso8601: end.utf8))
    }
    let odd = try SettingsWorld(credentials: "[p]\n" + keys + "expiration = soon\n").profiles()
    #expect(try ProfilePlan.read(odd, "p") != nil)
  }

  @Test("fifteen thousand profiles are read in linear time")
  func thousands() throws {
    var text = "[sso-session acme]\nsso_start_url = https://example.awsapps.com/start\n"
    for account in 0..<5_000 {
      for role in ["AdministratorAccess", "ReadOnlyAccess", "Billing"] {
        text +=
          "[profile acct\(account)/\(role)]\nsso_session = acme\nsso_account_id = 1\n"
          + "sso_role_name = \(role)\nregion = eu-west-1\n\n"
      }
    }
    let start = ContinuousClock.now
    let set = try SettingsWorld(config: text).profiles()
    #expect(set.names.count == 15_000)
    // Well under a second in the release; this is a debug build on a busy machine.
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  private func values(_ set: ProfileSet) -> [String: [String: String]] {
    Dictionary(
      uniqueKeysWithValues: set.names.map { name in
        let section = set.profile(name)
        return (
          name,
          Dictionary(
            uniqueKeysWithValues: (section?.keys ?? []).map { key in
              (key, section?.text(key)?.value.plain ?? "")
            })
        )
      })
  }
}
