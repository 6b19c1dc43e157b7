using System.Text.Json;
using Sluice.Platforms.Databricks.Tests.Fakes;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>The grants of a fake workspace, read and changed in the documented forms.</summary>
internal sealed class FakeGrants
{
    private const string Path = "/api/2.1/unity-catalog/permissions";

    private readonly FakeWorkspace _workspace;
    private readonly Dictionary<string, SortedDictionary<string, SortedSet<string>>> _grants = new(StringComparer.Ordinal);

    public FakeGrants(FakeWorkspace workspace, params string[] securables)
    {
        _workspace = workspace;
        foreach (var securable in securables)
        {
            var grants = _grants[securable] = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
            workspace.On("GET", $"{Path}/{securable}", asked => Page(asked, grants));
            workspace.On("PATCH", $"{Path}/{securable}", asked => Change(asked, grants));
        }
    }

    /// <summary>Principals that the account doesn't know.</summary>
    public HashSet<string> Unknown { get; } = [];

    /// <summary>Called with what was just changed.</summary>
    public Action OnChange { get; set; } = static () => { };

    /// <summary>The bodies of changes, in order.</summary>
    public IEnumerable<string> Changes => _workspace.Requests.Where(static r => r.Method == "PATCH" && r.Path.StartsWith(Path, StringComparison.Ordinal)).Select(static r => $"{r.Path[(Path.Length + 1)..]} {r.Body}");

    public FakeGrants Grant(string securable, string principal, params string[] privileges)
    {
        if (!_grants[securable].TryGetValue(principal, out var held)) _grants[securable][principal] = held = new SortedSet<string>(StringComparer.Ordinal);
        held.UnionWith(privileges);
        return this;
    }

    public void Revoke(string securable, string principal) => _grants[securable].Remove(principal);

    public string[] Of(string securable) => [.. _grants[securable].SelectMany(static g => g.Value.Select(p => $"{g.Key} {p}"))];

    // Two principals a page, and an empty page behind each.
    private static FakeWorkspace.Answer Page(FakeWorkspace.Asked asked, SortedDictionary<string, SortedSet<string>> grants)
    {
        asked.Query["max_results"].ShouldBe("0");
        var at = int.Parse(asked.Query.GetValueOrDefault("page_token", "0"));
        var some = at % 2 == 1 ? [] : grants.Skip(at).Take(2).Select(static g => new { principal = g.Key, privileges = g.Value }).ToArray();
        return new FakeWorkspace.Answer(JsonSerializer.Serialize(
            at + 1 < grants.Count ? new { privilege_assignments = some, next_page_token = (string?)$"{at + 1}" } : new { privilege_assignments = some, next_page_token = (string?)null }));
    }

    private FakeWorkspace.Answer Change(FakeWorkspace.Asked asked, SortedDictionary<string, SortedSet<string>> grants)
    {
        var changes = JsonElement.Parse(asked.Body).GetProperty("changes").EnumerateArray().Select(static c => (
            Principal: c.GetProperty("principal").GetString()!,
            Add: Texts(c, "add"),
            Remove: Texts(c, "remove"))).ToList();
        if (changes.Find(c => Unknown.Contains(c.Principal)) is { Principal: { } unknown })
            return new FakeWorkspace.Answer($$"""{"error_code":"PRINCIPAL_DOES_NOT_EXIST","message":"Could not find principal with name {{unknown}}"}""", 404);
        foreach (var (principal, add, remove) in changes)
        {
            if (!grants.TryGetValue(principal, out var held)) grants[principal] = held = new SortedSet<string>(StringComparer.Ordinal);
            held.UnionWith(add);
            held.ExceptWith(remove);
            if (held.Count == 0) grants.Remove(principal);
        }

        OnChange();
        return new FakeWorkspace.Answer("""{"privilege_assignments":[]}""");
    }

    private static string[] Texts(JsonElement change, string member) =>
        change.TryGetProperty(member, out var texts) ? [.. texts.EnumerateArray().Select(static t => t.GetString()!)] : [];
}
