using Sluice.Core.Payloads;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Databricks.Connections;

/// <summary>
/// A <c>config</c> object, whether of a script request or of a native integration: a script's is meant to be pasted into the other, so each
/// spelling that the documentation prints in one is read in both.
/// </summary>
/// <param name="HostMember">The member that names the workspace: <c>host</c>, <c>workspaceUrl</c> or <c>hostname</c>.</param>
/// <param name="Host">The workspace; null after a problem.</param>
/// <param name="Port">Null when left out.</param>
/// <param name="Compute">From <c>httpPath</c>; null when left out.</param>
/// <param name="Credentials">How it authenticates.</param>
/// <param name="Settings">Everything else; null after a problem with the catalog.</param>
internal sealed record ConfigMembers(
    string HostMember, EndpointHost? Host, int? Port, ComputePath? Compute, CredentialMembers Credentials, IntegrationSettings? Settings)
{
    private static readonly string[] HostMembers = ["host", "workspaceUrl", "hostname"];

    /// <summary>Reads it to the last problem, unknown members included.</summary>
    public static ConfigMembers Read(PayloadObject config, EgressGuard egress)
    {
        var (member, host) = ReadHost(config, egress);
        var port = config.OptionalInteger("port", 1, 65535);
        var compute = config.OptionalString("httpPath") is { } path ? ReadCompute(config, path) : null;
        var credentials = CredentialMembers.Read(config, egress);
        var settings = IntegrationSettings.Read(config);
        config.RejectUnread();
        return new ConfigMembers(member, host, port, compute, credentials, settings);
    }

    /// <summary>Reads an <c>httpPath</c>; null after a problem.</summary>
    public static ComputePath? ReadCompute(PayloadObject payload, string text)
    {
        var compute = ComputePath.Parse(text);
        if (compute is null)
        {
            payload.Reject(
                "httpPath",
                "must be the HTTP path of a SQL warehouse (/sql/1.0/warehouses/<id>) or of a cluster (sql/protocolv1/o/<workspace>/<cluster>), as its connection details show it");
        }

        return compute;
    }

    /// <summary>Reads a spelling of the workspace; null after a problem.</summary>
    public static EndpointHost? ReadHost(PayloadObject payload, string member, string text, EgressGuard egress)
    {
        var host = EndpointHost.Parse(text, egress, WorkspaceHost.Suffixes, out var problem);
        if (problem is not null) payload.Reject(member, problem);
        return host;
    }

    private static (string Member, EndpointHost? Host) ReadHost(PayloadObject config, EgressGuard egress)
    {
        (string Member, EndpointHost Host)? first = null;
        var isNamed = false;
        foreach (var member in HostMembers)
        {
            if (!config.Has(member)) continue;
            isNamed = true;
            if (config.RequiredString(member) is not { } text || ReadHost(config, member, text, egress) is not { } host) continue;
            if (first is not { } known) first = (member, host);
            else if (known.Host != host) config.Reject(member, $"must be the same as {config.PathOf(known.Member)}");
        }

        if (!isNamed) config.Reject("host", "is required (in a script's config it is called workspaceUrl)");
        return first is { } found ? (found.Member, found.Host) : ("host", null);
    }
}
