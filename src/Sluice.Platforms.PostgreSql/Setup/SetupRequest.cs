using Sluice.Core.Payloads;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Setup;

/// <summary>What a setup script is to set up.</summary>
/// <param name="Username">The service account.</param>
/// <param name="Databases">The databases it governs; at least one.</param>
/// <param name="Owners">The roles that own tables there.</param>
internal sealed record SetupRequest(string Username, IReadOnlyList<string> Databases, IReadOnlyList<string> Owners)
{
    private const int MostNames = 1000;

    /// <summary>
    /// Reads <c>{"type": "PostgreSQL", "autoBootstrap": false, "config": {"username", "databases", "owners"}}</c>; null after a problem.
    /// </summary>
    public static SetupRequest? Read(PayloadObject request)
    {
        var problems = request.Problems;
        var before = problems.Count;
        if (request.RequiredString("type") is not null) request.OptionalChoice("type", Core.Connections.Technology.PostgreSql.Name);
        if (request.OptionalBoolean("autoBootstrap") == true)
            request.Reject("autoBootstrap", "must be false: the script is run by a person");
        var config = request.RequiredObject("config");
        var username = config.RequiredString("username");
        if (username is not null && Quote.NameProblem(username) is { } problem) config.Reject("username", problem);
        var databases = Names(config, "databases");
        var owners = Names(config, "owners");
        if (!config.Has("databases")) config.Reject("databases", "is required");
        if (databases is { Count: 0 }) config.Reject("databases", "must name at least one database");
        if (owners is not null && username is not null && owners.Contains(username))
            config.Reject("owners", "must not name the account itself: it needs no membership to act as itself");
        config.RejectUnread();
        request.RejectUnread();
        return problems.Count > before ? null : new SetupRequest(username!, databases!, owners ?? []);
    }

    private static List<string>? Names(PayloadObject config, string member)
    {
        if (config.OptionalStrings(member) is not { } names) return null;
        if (names.Count > MostNames) config.Reject(member, $"holds more than {MostNames} names");
        for (var i = 0; i < names.Count; i++)
            if (Quote.NameProblem(names[i]) is { } problem) config.Problems.Add($"{config.PathOf(member)}[{i}]", problem);
        return [.. names.Distinct(StringComparer.Ordinal)];
    }
}
