using Sluice.Core.Payloads;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>
/// Reads what a native integration or a script request says of its own. The documentation prints some of it in several places (inside the OAuth
/// client, beside <c>config</c>); equal values in two places are fine, others are told with both paths.
/// </summary>
internal sealed class SettingsReader(PayloadObject? beside, PayloadObject config, PayloadObject? oauth)
{
    private const int MostExcluded = 1000;

    private static readonly int LongestDatabase = Quote.MaxNameLength - "_SYSTEM".Length;

    /// <summary>The database, known whatever else is wrong; null when it has a problem itself.</summary>
    public SnowflakeName? Database { get; private set; }

    /// <summary>The settings, or null after a problem.</summary>
    public IntegrationSettings? Read(string? provider)
    {
        var before = config.Problems.Count;
        var database = ReadDatabase();
        var audit = Switch("audit");
        var lineage = Switch("lineage");
        if (Switch("impersonation") == true)
            RejectOn("impersonation", "is not available yet; it also excludes low row access policy mode, which is always on");
        if (Switch("workspaces") == true)
            RejectOn("workspaces", "is not available yet; project workspaces also exclude table grants, which are always on");
        var exclude = ReadExclude();
        if (config.Problems.Count > before || database is null) return null;
        return new IntegrationSettings
        {
            Database = database, Audit = audit ?? true, Lineage = lineage ?? false, Exclude = exclude, Provider = provider,
        };
    }

    private string? ReadDatabase()
    {
        if (config.RequiredString("database") is not { } spelled) return null;
        if (MembersReader.Name(config, "database", spelled) is null) return null;
        var name = SnowflakeName.Stored(spelled).Text;
        if (name == "SNOWFLAKE") config.Reject("database", "is Snowflake's own; name a new one, which Sluice alone uses");
        else if (name.EnumerateRunes().Count() > LongestDatabase)
            config.Reject("database", $"is longer than {LongestDatabase} characters, so that there is no room for its system role <DATABASE>_SYSTEM");
        else Database = SnowflakeName.Exact(name);
        return spelled;
    }

    private bool? Switch(string name)
    {
        var here = Switch(config, name);
        var inside = oauth is null ? null : Switch(oauth, name);
        if (here is not null && inside is not null && here != inside)
            oauth!.Problems.Add($"{oauth.PathOf(name)}.enabled", $"is not the same as {config.PathOf(name)}.enabled");
        return here ?? inside;
    }

    private static bool? Switch(PayloadObject owner, string name)
    {
        if (owner.OptionalObject(name) is not { } members) return null;
        var enabled = members.OptionalBoolean("enabled");
        if (!members.Has("enabled")) members.Reject("enabled", "is required");
        members.RejectUnread();
        return enabled;
    }

    private void RejectOn(string name, string message)
    {
        foreach (var owner in (PayloadObject?[])[config, oauth])
            if (owner?.Has(name) == true) owner.Problems.Add($"{owner.PathOf(name)}.enabled", message);
    }

    private List<string> ReadExclude()
    {
        (string Path, List<string> Names)? first = null;
        foreach (var owner in (PayloadObject?[])[config, beside, oauth])
        {
            if (owner?.OptionalObject("userRolePattern") is not { } pattern) continue;
            var names = Names(pattern);
            if (first is not { } known) first = (pattern.Path, names);
            else if (!known.Names.ToHashSet().SetEquals(names)) pattern.RejectWhole($"is not the same as {known.Path}");
        }

        return first?.Names ?? [];
    }

    private static List<string> Names(PayloadObject pattern)
    {
        var names = pattern.OptionalStrings("exclude") ?? [];
        pattern.RejectUnread();
        if (names.Count > MostExcluded) pattern.Reject("exclude", $"holds more than {MostExcluded} names");
        for (var i = 0; i < names.Count && i < MostExcluded; i++)
        {
            var problem = names[i] switch
            {
                "PUBLIC" => "is a role that every session holds: no policy would have any effect on anybody",
                _ when names[i].Contains('*') || names[i].Contains('%') =>
                    "holds a wildcard, which is not supported: name each role and user, in its exact case",
                _ => Quote.NameProblem(names[i]),
            };
            if (problem is not null) pattern.Problems.Add($"{pattern.PathOf("exclude")}[{i}]", problem);
        }

        return [.. names.Distinct(StringComparer.Ordinal)];
    }
}
