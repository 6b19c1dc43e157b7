using System.Text.Json;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Errors;
using Sluice.Engine.Platforms;
using Sluice.Platforms;

namespace Sluice.Engine.Connections;

/// <summary>A registration, read and checked as far as that goes without I/O.</summary>
internal sealed record Registration(string Key, ConnectionSpec Spec, ConnectionSettings Settings, CrawlOptions Options);

/// <summary>An update, likewise; null members were left out.</summary>
internal sealed record ConnectionChange(ConnectionSpec? Spec, ConnectionSettings? Settings, CrawlOptions? Options);

/// <summary>Reads the bodies of POST and PUT /data/connection and refuses with every problem at once.</summary>
internal sealed class RegistrationReader(PlatformRegistry platforms)
{
    public Registration ReadNew(JsonElement body)
    {
        var problems = new ProblemList();
        var payload = new PayloadObject(body, "$", problems);
        var key = payload.RequiredString("connectionKey");
        if (key is not null && ConnectionKey.Problem(key) is { } wrong) payload.Reject("connectionKey", wrong);

        var connection = payload.RequiredObject("connection");
        var integration = payload.OptionalObject("nativeIntegration");
        var platform = PlatformOf(connection);
        var spec = platform?.ReadConnection(connection, integration, stored: null);
        if (spec is not null) RejectKept(connection, spec);
        var settings = ConnectionSettingsReader.Read(payload.OptionalObject("settings"), stored: null, platform?.Technology);
        var options = CrawlOptionsReader.Read(payload.OptionalObject("options"), stored: null);
        payload.RejectUnread();

        return problems.Any || key is null || spec is null
            ? throw new RequestRefusedException(problems)
            : new Registration(key, spec, settings, options);
    }

    public ConnectionChange ReadUpdate(JsonElement body, string storedKey, ConnectionSpec stored, ConnectionSettings settings, CrawlOptions options)
    {
        var problems = new ProblemList();
        var payload = new PayloadObject(body, "$", problems);
        if (payload.OptionalString("connectionKey") is { } key && !string.Equals(key, storedKey, StringComparison.OrdinalIgnoreCase))
            payload.Reject("connectionKey", "can't be changed; leave it out, or register a new connection");

        ConnectionSpec? spec = null;
        var connection = payload.OptionalObject("connection");
        var integration = payload.OptionalObject("nativeIntegration");
        if (connection is not null || integration is not null)
        {
            // Left out, it stays as it is stored.
            connection ??= new PayloadObject(stored.Document, "$.connection", problems);
            if (PlatformOf(connection) is { } platform)
            {
                if (platform.Technology != stored.Technology)
                    connection.Reject("technology", $"can't be changed from {stored.Technology}; register a new connection");
                else spec = platform.ReadConnection(connection, integration, stored);
            }
        }

        var newSettings = payload.OptionalObject("settings") is { } s ? ConnectionSettingsReader.Read(s, settings, stored.Technology) : null;
        var newOptions = payload.OptionalObject("options") is { } o ? CrawlOptionsReader.Read(o, options) : null;
        payload.RejectUnread();
        if (problems.Any) throw new RequestRefusedException(problems, CodeOf(problems, stored));

        if (spec is not null && spec.SecretDestination != stored.SecretDestination) RequireEverySecret(spec);
        return new ConnectionChange(spec, newSettings, newOptions);
    }

    // A platform may itself ask for a secret again; then nothing else is wrong.
    private static ErrorCode CodeOf(ProblemList problems, ConnectionSpec stored) =>
        problems.All(p => stored.Secrets.Keys.Any(field => p.Path == $"$.connection.{field}"))
            ? ErrorCode.SecretsMustBeBroughtAgain
            : ErrorCode.InvalidRequest;

    private IPlatform? PlatformOf(PayloadObject connection)
    {
        var name = connection.RequiredString("technology");
        if (name is null) return null;
        var technology = new Technology(name);
        if (platforms.Find(technology) is { } platform) return platform;
        if (Technology.All.Contains(technology))
        {
            throw new RequestRefusedException(
                ErrorCode.NotAvailableYet,
                $"Connections of technology {name} are not available yet; this version has {string.Join(" and ", platforms.Available)}.");
        }

        var near = NearestName.Of(name, platforms.Available.Select(t => t.Name));
        connection.Reject(
            "technology",
            $"must be one of {string.Join(", ", platforms.Available)}" + (near is null ? "" : $"; did you mean '{near}'?"));
        return null;
    }

    private static void RejectKept(PayloadObject connection, ConnectionSpec spec)
    {
        foreach (var (field, secret) in spec.Secrets)
            if (secret is SecretInput.Kept) connection.Reject(field, "is required");
    }

    // A secret must not follow a changed address: whoever may update a connection could otherwise have it sent to themselves.
    private static void RequireEverySecret(ConnectionSpec spec)
    {
        var problems = new ProblemList();
        foreach (var (field, secret) in spec.Secrets)
            if (secret is SecretInput.Kept) problems.Add($"$.connection.{field}", "must be brought again, because this update changes where it is sent");
        if (problems.Any) throw new RequestRefusedException(problems, ErrorCode.SecretsMustBeBroughtAgain);
    }
}
