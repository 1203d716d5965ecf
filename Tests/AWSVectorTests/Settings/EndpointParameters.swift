import Testing
import Text
import Wire

@testable import AWSBackend

/// The parameters of an endpoint.
struct Parameters {
  var region: String?
  var fips = false
  var dualStack = false
  var globalSTS = false
  var custom: String?
  var reasonToLeaveOut: String?

  init(region: String?, fips: Bool, dualStack: Bool, globalSTS: Bool = false) {
    self.region = region
    self.fips = fips
    self.dualStack = dualStack
    self.globalSTS = globalSTS
  }

  init(_ value: JSONValue?) {
    region = value?.ascii("Region")
    fips = value?["UseFIPS"]?.bool ?? false
    dualStack = value?["UseDualStack"]?.bool ?? false
    globalSTS = value?["UseGlobalEndpoint"]?.bool ?? false
    custom = value?.ascii("Endpoint")
    if value?["IsControlPlane"]?.bool == true {
      reasonToLeaveOut = "an address of sign-in's control plane, which this program never asks"
    } else if value?["IsOAuthEndpoint"]?.bool == true {
      reasonToLeaveOut = "the address of sign-in's OAuth operations, which this program never asks"
    }
  }

  /// The result of our rules.
  func outcome(_ service: AWSService) throws -> Outcome {
    let rules = EndpointRules(
      region: region, usesFIPS: fips, usesDualStack: dualStack, usesGlobalSTS: globalSTS)
    do {
      if let custom {
        try rules.checkCustom()
        let url = try #require(EndpointURL(Untrusted(custom)))
        return Outcome(url: url.url, signingRegion: region)
      }
      let address = try rules.address(of: service)
      return Outcome(url: "https://" + address.host, signingRegion: address.signingRegion ?? region)
    } catch let fault as EndpointRules.Fault {
      return Outcome(error: fault.rawValue)
    }
  }
}

/// An address, or the error.
struct Outcome: Hashable {
  var url: String?
  var error: String?
  /// The requested region, where the rules name none.
  var signingRegion: String?

  init(url: String? = nil, error: String? = nil, signingRegion: String? = nil) {
    self.url = url
    self.error = error
    self.signingRegion = signingRegion
  }

  init(expected: JSONValue, _ parameters: Parameters) {
    error = expected.ascii("error")
    url = expected["endpoint"]?.ascii("url")
    let scheme = expected["endpoint"]?["properties"]?["authSchemes"]?.array?.first
    signingRegion = error == nil ? scheme?.ascii("signingRegion") ?? parameters.region : nil
  }
}
