using System.Text.Json;
using Sluice.Platforms.Databricks.Tests.Fakes;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>The people and groups of a fake account, in the documented forms of SCIM (https://api-docs.databricks.com/rest/latest/account-scim-api.html).</summary>
internal sealed class FakeAccount
{
    private const string Scim = "/api/2.0/account/scim/v2";

    // Fewer than are asked for, so that every list has pages.
    private const int Page = 2;

    private readonly FakeWorkspace _workspace;
    private readonly List<(string Id, string Name)> _people;
    private int _next = 1000;

    public FakeAccount(FakeWorkspace workspace, params string[] people)
    {
        _workspace = workspace;
        _people = [.. people.Select(static (p, i) => ($"{i + 1}", p))];
        workspace.On("GET", $"{Scim}/Users", asked => List(asked, "userName", [.. _people.Where(static p => !Guid.TryParse(p.Name, out _))]));
        workspace.On("GET", $"{Scim}/ServicePrincipals", asked => List(asked, "applicationId", [.. _people.Where(static p => Guid.TryParse(p.Name, out _))]));
        workspace.On("GET", $"{Scim}/Groups", asked => Answer(asked, () => Listed(asked, "displayName", Groups.Select(g => (g.Name, g.Json(withMembers: false, IsReserved))))));
        workspace.On("POST", $"{Scim}/Groups", asked => Answer(asked, () => Create(asked)));
    }

    public List<Group> Groups { get; } = [];

    /// <summary>Answers in place of what is answered else, where it answers at all.</summary>
    public Func<FakeWorkspace.Asked, FakeWorkspace.Answer?> Before { get; set; } = static _ => null;

    /// <summary>Called with what was just changed.</summary>
    public Action OnChange { get; set; } = static () => { };

    /// <summary>Whether it shows ids and display names alone, as to those who are no admins.</summary>
    public bool IsReserved { get; set; }

    /// <summary>Groups that are not shown one by one, but counted.</summary>
    public int Hidden { get; set; }

    public IEnumerable<FakeWorkspace.Asked> Writes => _workspace.Requests.Where(static r => r.Method != "GET" && r.Path.StartsWith(Scim, StringComparison.Ordinal));

    public static FakeWorkspace.Answer Refusal(int status, string detail) =>
        new(JsonSerializer.Serialize(new { schemas = (string[])["urn:ietf:params:scim:api:messages:2.0:Error"], detail, status = $"{status}" }), status, "application/scim+json");

    public Group Add(string name, string? externalId = null)
    {
        var group = new Group($"{_next++}", name, externalId);
        Groups.Add(group);
        var path = $"{Scim}/Groups/{group.Id}";
        _workspace.On("GET", path, asked => Answer(asked, () => Groups.Contains(group) ? new(group.Json(withMembers: true)) : Refusal(404, "Group does not exist.")));
        _workspace.On("PATCH", path, asked => Answer(asked, () => Patch(asked, group)));
        _workspace.On("DELETE", path, asked => Answer(asked, () =>
        {
            if (!Groups.Remove(group)) return Refusal(404, "Group does not exist.");
            OnChange();
            return new FakeWorkspace.Answer("", 204);
        }));
        return group;
    }

    /// <summary>Takes somebody out of the account.</summary>
    public void Remove(string person) => _people.RemoveAll(p => p.Name == person);

    /// <summary>Takes somebody up, behind all others.</summary>
    public void Join(string person) => _people.Add(($"{_next++}", person));

    public string IdOf(string person) => _people.Single(p => p.Name == person).Id;

    public string[] MembersOf(string group) => [.. Groups.Where(g => g.Name == group).SelectMany(static g => g.Members).Select(id => _people.Find(p => p.Id == id).Name ?? id).Order(StringComparer.Ordinal)];

    private FakeWorkspace.Answer Answer(FakeWorkspace.Asked asked, Func<FakeWorkspace.Answer> usual)
    {
        lock (Groups) return Before(asked) ?? usual();
    }

    private FakeWorkspace.Answer List(FakeWorkspace.Asked asked, string by, List<(string Id, string Name)> people) => Answer(asked, () =>
        Listed(asked, by, people.Select(p => (p.Name, JsonSerializer.Serialize(new Dictionary<string, string> { ["id"] = p.Id, [IsReserved ? "displayName" : by] = p.Name })))));

    private FakeWorkspace.Answer Listed(FakeWorkspace.Asked asked, string by, IEnumerable<(string Name, string Json)> all)
    {
        int.Parse(asked.Query["count"]).ShouldBeLessThanOrEqualTo(100);
        var filter = asked.Query.GetValueOrDefault("filter");
        var found = (filter is null ? all : all.Where(a => Matches(filter, by, a.Name))).ToList();
        var start = int.Parse(asked.Query["startIndex"]);
        var page = found.Skip(start - 1).Take(Math.Min(Page, int.Parse(asked.Query["count"]))).Select(static a => a.Json);
        var total = found.Count + (by == "displayName" && filter is null ? Hidden : 0);
        return new($$"""{"totalResults":{{total}},"startIndex":{{start}},"itemsPerPage":{{Page}},"Resources":[{{string.Join(',', page)}}]}""");
    }

    private static bool Matches(string filter, string by, string name) => filter.Split(" or ").Any(one =>
    {
        var parts = one.Split(' ', 3);
        parts[0].ShouldBe(by);
        var text = JsonSerializer.Deserialize<string>(parts[2])!;
        return parts[1] switch
        {
            "sw" => name.StartsWith(text, StringComparison.OrdinalIgnoreCase),
            "co" => name.Contains(text, StringComparison.OrdinalIgnoreCase),
            _ => parts[1] == "eq" && name.Equals(text, StringComparison.OrdinalIgnoreCase),
        };
    });

    private FakeWorkspace.Answer Create(FakeWorkspace.Asked asked)
    {
        var body = JsonElement.Parse(asked.Body);
        var name = body.GetProperty("displayName").GetString()!;
        var external = body.GetProperty("externalId").GetString()!;
        external.Length.ShouldBeLessThanOrEqualTo(64);
        if (Groups.Exists(g => g.Name == name)) return Refusal(409, $"Group with name {name} already exists.");
        var group = Add(name, external);
        OnChange();
        return new FakeWorkspace.Answer(group.Json(withMembers: true), 201);
    }

    private FakeWorkspace.Answer Patch(FakeWorkspace.Asked asked, Group group)
    {
        if (!Groups.Contains(group)) return Refusal(404, "Group does not exist.");
        var operations = JsonElement.Parse(asked.Body).GetProperty("Operations").EnumerateArray().ToList();
        var added = operations.Where(static o => o.GetProperty("op").GetString() == "add").SelectMany(static o => o.GetProperty("value").EnumerateArray()).Select(static v => v.GetProperty("value").GetString()!).ToList();
        if (added.Find(id => !_people.Exists(p => p.Id == id)) is { } unknown) return Refusal(404, $"Principal {unknown} not found.");
        group.Members.UnionWith(added);
        foreach (var removed in operations.Where(static o => o.GetProperty("op").GetString() == "remove"))
            group.Members.Remove(MemberOf(removed.GetProperty("path").GetString()!));
        OnChange();
        return new FakeWorkspace.Answer("", 204);
    }

    private static string MemberOf(string path)
    {
        const string before = "members[value eq \"", behind = "\"]";
        path.ShouldStartWith(before);
        path.ShouldEndWith(behind);
        return path[before.Length..^behind.Length];
    }

    internal sealed class Group(string id, string name, string? externalId)
    {
        public string Id { get; } = id;

        public string Name { get; } = name;

        public string? ExternalId { get; set; } = externalId;

        public SortedSet<string> Members { get; } = new(StringComparer.Ordinal);

        public string Json(bool withMembers, bool isReserved = false) => JsonSerializer.Serialize(isReserved
            ? (object)new { id = Id, displayName = Name }
            : withMembers ? new { id = Id, displayName = Name, externalId = ExternalId, members = Members.Select(static m => new { value = m, display = "x" }).ToArray() }
            : (object)new { id = Id, displayName = Name, externalId = ExternalId });
    }
}
