using System.Text.RegularExpressions;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.LakeFormation.Connections;

/// <summary>Reads and checks a <c>connection</c> object of technology Glue, without any I/O and to the last problem.</summary>
internal sealed partial class GlueConnectionReader(EgressGuard egress, LakeFormationOptions options)
{
    /// <summary>The connection with its secret apart, or null after a problem in the payload's list.</summary>
    public ConnectionSpec? Read(PayloadObject payload, ConnectionSpec? stored)
    {
        var before = payload.Problems.Count;
        ReadTechnology(payload);
        var authentication = payload.RequiredString("authenticationType");
        if (authentication is not (null or GlueConnection.AccessKey or GlueConnection.AssumedRole))
            payload.Reject("authenticationType", "must be accessKey or assumedRole");

        var region = ReadRegion(payload);
        var accountId = ReadAccountId(payload);
        var accessKeyId = payload.OptionalString("accessKeyId");
        var hasSecret = payload.Has(GlueConnection.SecretAccessKey);
        var secret = payload.Secret(GlueConnection.SecretAccessKey);
        var roleArn = payload.OptionalString("roleARN");
        RejectContradictions(payload, authentication, accessKeyId, hasSecret, roleArn);
        if (authentication == GlueConnection.AccessKey && !hasSecret && stored?.Secrets.ContainsKey(GlueConnection.SecretAccessKey) is not true)
            payload.Reject(GlueConnection.SecretAccessKey, "is required with authenticationType accessKey");
        if (accessKeyId is not null) CheckAccessKeyId(payload, accessKeyId);
        var role = roleArn is null ? null : ReadRoleArn(payload, roleArn, region);
        var endpoints = ReadEndpoints(payload, region, authentication == GlueConnection.AssumedRole);
        if (payload.Raw("externalId") is not null)
        {
            payload.Reject(
                "externalId",
                "is this server's own and can't be chosen; GET /api/v1/aws/identity shows the one to put into the role's trust policy");
        }

        payload.RejectUnread();

        if (payload.Problems.Count > before || region is null || accountId is null) return null;
        var connection = new GlueConnection
        {
            Region = region, AccountId = accountId, AccessKeyId = accessKeyId, RoleArn = role, Endpoints = endpoints,
        };
        return WithSecret(payload, connection, secret, stored);
    }

    private static void ReadTechnology(PayloadObject payload)
    {
        var technology = payload.RequiredString("technology");
        if (technology is not null && technology != Technology.Glue.Name) payload.Reject("technology", $"must be {Technology.Glue}");
    }

    private static AwsRegion? ReadRegion(PayloadObject payload)
    {
        if (payload.RequiredString("region") is not { } name) return null;
        var region = AwsRegion.Parse(name);
        if (region is null) payload.Reject("region", "is not the name of an AWS region, such as us-east-1");
        return region;
    }

    private static string? ReadAccountId(PayloadObject payload)
    {
        if (payload.RequiredString("accountId") is not { } id) return null;
        if (id.Length == 12 && id.All(char.IsAsciiDigit)) return id;
        payload.Reject("accountId", "must be the 12 digits of an AWS account id, without hyphens");
        return null;
    }

    private static void RejectContradictions(
        PayloadObject payload, string? authentication, string? accessKeyId, bool hasSecret, string? roleArn)
    {
        switch (authentication)
        {
            case GlueConnection.AccessKey:
                if (roleArn is not null) payload.Reject("roleARN", "contradicts authenticationType accessKey; it belongs to assumedRole");
                if (accessKeyId is null && !payload.Has("accessKeyId"))
                    payload.Reject("accessKeyId", "is required with authenticationType accessKey");
                break;
            case GlueConnection.AssumedRole:
                if (roleArn is null && !payload.Has("roleARN")) payload.Reject("roleARN", "is required with authenticationType assumedRole");
                if (accessKeyId is not null) payload.Reject("accessKeyId", "contradicts authenticationType assumedRole; it belongs to accessKey");
                if (hasSecret)
                    payload.Reject(GlueConnection.SecretAccessKey, "contradicts authenticationType assumedRole; it belongs to accessKey");
                break;
        }
    }

    private static void CheckAccessKeyId(PayloadObject payload, string accessKeyId)
    {
        if (!AccessKeyIdShape.IsMatch(accessKeyId))
            payload.Reject("accessKeyId", "must be an AWS access key id: 16 to 128 upper-case letters and digits");
        else if (accessKeyId.StartsWith("ASIA", StringComparison.Ordinal))
            payload.Reject("accessKeyId", "is a temporary one (ASIA…), which expires; use a long-term key (AKIA…) or assumedRole");
    }

    private RoleArn? ReadRoleArn(PayloadObject payload, string text, AwsRegion? region)
    {
        if (RoleArn.Parse(text) is not { } role)
        {
            payload.Reject("roleARN", $"must be arn:{region?.Partition.Name ?? "aws"}:iam::<12 digits>:role/<name>");
            return null;
        }

        if (region is not null && role.Partition != region.Partition.Name)
            payload.Reject("roleARN", $"is in partition {role.Partition}, but the region is in {region.Partition.Name}");
        if (!role.IsAllowedBy(options.AllowedRoleArns))
            payload.Reject("roleARN", "is not among the roles this server's operator allows");
        return role;
    }

    private Dictionary<AwsService, Uri> ReadEndpoints(PayloadObject payload, AwsRegion? region, bool assumesRole)
    {
        var endpoints = new Dictionary<AwsService, Uri>();
        if (payload.OptionalObject("endpoints") is not { } members) return endpoints;
        foreach (var service in AwsServices.All)
        {
            if (members.OptionalString(service.Name()) is not { } text) continue;
            if (EndpointProblem(text, service, region, assumesRole, out var endpoint) is { } problem) members.Reject(service.Name(), problem);
            else if (endpoint != region?.EndpointOf(service)) endpoints[service] = endpoint!;
        }

        members.RejectUnread();
        return endpoints;
    }

    private string? EndpointProblem(string text, AwsService service, AwsRegion? region, bool assumesRole, out Uri? endpoint)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out endpoint)) return "must be an absolute https URL";

        // Without a region the hosts of AWS are not known; the region's own problem is told already.
        if (egress.Problem(endpoint, region?.HostsOf(service) ?? []) is { } problem) return problem;
        if (endpoint.AbsolutePath != "/") return "must have no path";
        return service == AwsService.Sts && assumesRole && region is not null && !IsAllowedSts(endpoint, region)
            ? "must be AWS's own with authenticationType assumedRole, unless the server's operator allows the host"
            : null;
    }

    // Towards STS the server shows its own AWS identity and the external id: no one but AWS may see them.
    private bool IsAllowedSts(Uri endpoint, AwsRegion region) =>
        region.HostsOf(AwsService.Sts).Any(h => endpoint.IdnHost == h || endpoint.IdnHost.EndsWith($".{h}", StringComparison.Ordinal))
        || options.AllowedStsHosts.Contains(endpoint.IdnHost, StringComparer.OrdinalIgnoreCase)
        || options.AllowedStsHosts.Contains(endpoint.Authority, StringComparer.OrdinalIgnoreCase);

    private static ConnectionSpec? WithSecret(PayloadObject payload, GlueConnection connection, SecretInput secret, ConnectionSpec? stored)
    {
        var secrets = new Dictionary<string, SecretInput>(StringComparer.Ordinal);
        if (connection.RoleArn is null)
        {
            if (secret is SecretInput.Kept && KeepProblem(connection, stored) is { } problem)
            {
                payload.Reject(GlueConnection.SecretAccessKey, problem);
                return null;
            }

            secrets.Add(GlueConnection.SecretAccessKey, secret);
        }

        return new ConnectionSpec
        {
            Technology = Technology.Glue,
            AuthenticationType = connection.AuthenticationType,
            Document = connection.ToDocument(),
            Secrets = secrets,
            SecretDestination = connection.SecretDestination,
        };
    }

    private static string? KeepProblem(GlueConnection connection, ConnectionSpec? stored)
    {
        if (stored is null || !stored.Secrets.ContainsKey(GlueConnection.SecretAccessKey))
            return "is required with authenticationType accessKey";
        if (stored.SecretDestination != connection.SecretDestination)
            return "must be brought again: the update changes where it goes";
        return GlueConnection.FromDocument(stored.Document).AccessKeyId == connection.AccessKeyId
            ? null
            : "must be brought again: the update changes accessKeyId";
    }

    [GeneratedRegex(@"\A[A-Z0-9]{16,128}\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex AccessKeyIdShape { get; }
}
