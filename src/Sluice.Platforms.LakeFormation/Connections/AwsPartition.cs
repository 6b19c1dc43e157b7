using System.Text.RegularExpressions;

namespace Sluice.Platforms.LakeFormation.Connections;

/// <summary>A partition of AWS: regions that share account numbers, ARNs and domain names.</summary>
/// <param name="Name">As in ARNs: <c>aws</c>, <c>aws-cn</c>, …</param>
/// <param name="DnsSuffix">What the service's host names end in.</param>
/// <param name="DualStackSuffix">What the host names that also answer over IPv6 end in.</param>
/// <param name="Regions">The names of its regions.</param>
internal sealed partial record AwsPartition(string Name, string DnsSuffix, string DualStackSuffix, Regex Regions)
{
    // The order matters nowhere: no region matches two.
    private static readonly AwsPartition[] All =
    [
        new("aws", "amazonaws.com", "api.aws", Commercial),
        new("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", China),
        new("aws-us-gov", "amazonaws.com", "api.aws", Government),
        new("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", EuropeanSovereign),
        new("aws-iso", "c2s.ic.gov", "api.aws.ic.gov", Iso),
        new("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", IsoB),
        new("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", IsoE),
        new("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", IsoF),
    ];

    /// <summary>The partition a region lies in; null when no partition names its regions like that.</summary>
    public static AwsPartition? Of(string region) => Array.Find(All, p => p.Regions.IsMatch(region));

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const int TimeoutMilliseconds = 100;

    [GeneratedRegex(@"\A(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]{4,20}-[0-9]{1,2}\z", Options, TimeoutMilliseconds)]
    private static partial Regex Commercial { get; }

    [GeneratedRegex(@"\Acn-[a-z]{4,20}-[0-9]{1,2}\z", Options, TimeoutMilliseconds)]
    private static partial Regex China { get; }

    [GeneratedRegex(@"\Aus-gov-[a-z]{4,20}-[0-9]{1,2}\z", Options, TimeoutMilliseconds)]
    private static partial Regex Government { get; }

    [GeneratedRegex(@"\Aeusc-[a-z]{2}-[a-z]{4,20}-[0-9]{1,2}\z", Options, TimeoutMilliseconds)]
    private static partial Regex EuropeanSovereign { get; }

    [GeneratedRegex(@"\Aus-iso-[a-z]{4,20}-[0-9]{1,2}\z", Options, TimeoutMilliseconds)]
    private static partial Regex Iso { get; }

    [GeneratedRegex(@"\Aus-isob-[a-z]{4,20}-[0-9]{1,2}\z", Options, TimeoutMilliseconds)]
    private static partial Regex IsoB { get; }

    [GeneratedRegex(@"\Aeu-isoe-[a-z]{4,20}-[0-9]{1,2}\z", Options, TimeoutMilliseconds)]
    private static partial Regex IsoE { get; }

    [GeneratedRegex(@"\Aus-isof-[a-z]{4,20}-[0-9]{1,2}\z", Options, TimeoutMilliseconds)]
    private static partial Regex IsoF { get; }
}
