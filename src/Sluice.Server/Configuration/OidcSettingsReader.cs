using System.Collections.Frozen;
using Sluice.Engine.Callers;
using Sluice.Platforms.Egress;
using Sluice.Server.Authentication;

namespace Sluice.Server.Configuration;

/// <summary>Reads the OIDC settings.</summary>
internal sealed class OidcSettingsReader(SettingReader read)
{
    // Symmetric algorithms would make a signing key of what the issuer publishes; "none" is no algorithm.
    private static readonly FrozenSet<string> Known =
        new[] { "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly Setting[] Others =
    [
        SettingTable.OidcAudience, SettingTable.OidcAlgorithms, SettingTable.OidcClaim, SettingTable.OidcMap, SettingTable.OidcTrustEmail,
    ];

    public OidcSettings? Read()
    {
        if (read.Given(SettingTable.OidcIssuer) is not { } issuer)
        {
            foreach (var other in Others.Where(o => read.Find(o) is not null)) read.Reject(other, "is of no use without --oidc-issuer");
            return null;
        }

        CheckIssuer(issuer);
        var audience = read.Given(SettingTable.OidcAudience);
        if (string.IsNullOrEmpty(audience)) read.Reject(SettingTable.OidcAudience, "is needed with --oidc-issuer");
        var algorithms = read.List(SettingTable.OidcAlgorithms);
        foreach (var algorithm in algorithms.Where(a => !Known.Contains(a)))
            read.Reject(SettingTable.OidcAlgorithms, $"'{algorithm}' is not one of {string.Join(", ", Known.Order(StringComparer.Ordinal))}");
        return new OidcSettings
        {
            Issuer = issuer,
            Audience = audience ?? "",
            Algorithms = algorithms,
            Claim = read.Text(SettingTable.OidcClaim)!,
            Permissions = Permissions(),
            TrustsEmail = read.Switch(SettingTable.OidcTrustEmail),
        };
    }

    private void CheckIssuer(string issuer)
    {
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length + uri.Fragment.Length > 0)
            read.Reject(SettingTable.OidcIssuer, "must be an https URL without query and fragment");
        else if (uri.Scheme == "http" && !EgressGuard.IsLoopback(uri.IdnHost))
            read.Reject(SettingTable.OidcIssuer, "must be https: who can change the issuer's keys on the way can be anyone");
    }

    private Dictionary<string, IReadOnlyList<string>> Permissions()
    {
        var map = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var entry in read.List(SettingTable.OidcMap))
        {
            // The last one: a distinguished name as a group's name holds equals signs itself.
            var equals = entry.LastIndexOf('=');
            if (equals < 1)
            {
                read.Reject(SettingTable.OidcMap, $"'{entry}' is not of the form value=PERMISSION+PERMISSION");
                continue;
            }

            var permissions = entry[(equals + 1)..].Split('+', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            foreach (var unknown in permissions.Where(p => !Permission.All.Contains(p)))
                read.Reject(SettingTable.OidcMap, $"'{unknown}' is not one of {string.Join(", ", Permission.All)}");
            if (!map.TryAdd(entry[..equals].Trim(), permissions)) read.Reject(SettingTable.OidcMap, $"maps '{entry[..equals].Trim()}' twice");
        }

        return map;
    }
}
