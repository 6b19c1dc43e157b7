using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>A user, service principal or group of a workspace. What a principal may not see of others is null.</summary>
/// <param name="Id">Its id in the workspace.</param>
/// <param name="Name">As grants name it: user name, application id, or the group's name.</param>
/// <param name="Members">Ids of a group's direct members.</param>
internal sealed record DirectoryEntry(string Id, string? Name, IReadOnlyList<string>? Members)
{
    /// <summary>What somebody else knows it by: 64 characters at most, of no other group (https://docs.databricks.com/api/scim/v1/group.md).</summary>
    public string? ExternalId { get; init; }

    /// <summary>Whether the name is a user's name or an application id, which those who are no admins are not shown of others.</summary>
    public bool IsNamed { get; init; }
}

/// <summary>
/// Reads people and groups by SCIM: those of a workspace (https://docs.databricks.com/api/workspace/groups/list), or those of the account through a workspace of it
/// (https://api-docs.databricks.com/rest/latest/account-scim-api.html).
/// </summary>
internal sealed class DirectoryClient(WorkspaceClient workspace, int mostPages, string scim = DirectoryClient.OfWorkspace)
{
    /// <summary>Where those of a workspace are.</summary>
    public const string OfWorkspace = "/api/2.0/preview/scim/v2";

    /// <summary>Where those of the account are.</summary>
    public const string OfAccount = "/api/2.0/account/scim/v2";

    // At most 100 of an account a page: https://docs.databricks.com/api/scim/v1/list-account-groups.md.
    private const int PageSize = 100;
    private const int PagesAtOnce = 8;
    private const int MostReadings = 5;

    /// <summary>All users. Who is no workspace admin gets their ids and display names alone.</summary>
    public Task<IReadOnlyList<DirectoryEntry>> UsersAsync(CancellationToken cancellationToken) => ListAsync("Users", "id,userName", null, cancellationToken);

    /// <summary>All service principals.</summary>
    public Task<IReadOnlyList<DirectoryEntry>> ServicePrincipalsAsync(CancellationToken cancellationToken) => ListAsync("ServicePrincipals", "id,applicationId", null, cancellationToken);

    /// <summary>All groups with their members.</summary>
    public Task<IReadOnlyList<DirectoryEntry>> GroupsAsync(CancellationToken cancellationToken) => ListAsync("Groups", "id,displayName,members", null, cancellationToken);

    /// <summary>The user of a name; null when there is none.</summary>
    public Task<DirectoryEntry?> UserAsync(string name, CancellationToken cancellationToken) => FindAsync("Users", "id,userName", "userName", name, cancellationToken);

    /// <summary>The service principal of an application id; null when there is none.</summary>
    public Task<DirectoryEntry?> ServicePrincipalAsync(string applicationId, CancellationToken cancellationToken) =>
        FindAsync("ServicePrincipals", "id,applicationId", "applicationId", applicationId, cancellationToken);

    /// <summary>How many groups there are.</summary>
    public async Task<long> CountGroupsAsync(CancellationToken cancellationToken) =>
        (await workspace.GetAsync("scim:Groups", $"{scim}/Groups?attributes=id&startIndex=1&count=1", Read, cancellationToken)).Total;

    /// <summary>The groups whose names begin with a text, as others see them: without members.</summary>
    public Task<IReadOnlyList<DirectoryEntry>> GroupsOfAsync(string prefix, CancellationToken cancellationToken) =>
        ListAsync("Groups", "id,displayName,externalId", $"displayName sw {Literal(prefix)}", cancellationToken);

    /// <summary>The names of groups that have an @, or are one of some application ids.</summary>
    public async Task<IEnumerable<string>> GroupsLikePeopleAsync(IEnumerable<string> applicationIds, CancellationToken cancellationToken)
    {
        var filter = string.Join(" or ", applicationIds.Select(static a => $"displayName eq {Literal(a)}").Prepend("displayName co \"@\""));
        return (await ListAsync("Groups", "id,displayName", filter, cancellationToken)).Select(static g => g.Name).OfType<string>();
    }

    /// <summary>One group with its members, which a list of an account's groups does not have (https://docs.databricks.com/api/scim/v1/list-account-groups.md).</summary>
    public Task<DirectoryEntry> GroupAsync(string id, CancellationToken cancellationToken) =>
        workspace.GetAsync("scim:Group", $"{scim}/Groups/{Uri.EscapeDataString(id)}", EntryOf, cancellationToken);

    /// <summary>Reads an answer that is one entry.</summary>
    public static DirectoryEntry EntryOf(ref Utf8JsonReader reader)
    {
        reader.EnterAnswer();
        return Entry(ref reader);
    }

    private async Task<DirectoryEntry?> FindAsync(string what, string attributes, string by, string name, CancellationToken cancellationToken) =>
        (await ListAsync(what, attributes, $"{by} eq {Literal(name)}", cancellationToken)).FirstOrDefault(e => name.Equals(e.Name, StringComparison.OrdinalIgnoreCase));

    // A string of a filter is JSON's: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2.
    private static string Literal(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private async Task<IReadOnlyList<DirectoryEntry>> ListAsync(string what, string attributes, string? filter, CancellationToken cancellationToken)
    {
        var path = $"{scim}/{what}?attributes={attributes}&count={PageSize}{(filter is null ? "" : $"&filter={Uri.EscapeDataString(filter)}")}";
        for (var reading = 0; reading < MostReadings; reading++)
            if (await ReadWholeAsync(what, path, cancellationToken) is { } whole) return whole;
        throw new PlatformException(PlatformFailure.Unavailable, $"{workspace.Host} lists {what} that don't fit together: the list changed each of {MostReadings} times it was read, or is not what its totalResults says.");
    }

    // Pages are places in a list that others change meanwhile. So each begins with the last entry of the one before: where that is another one by now, or where fewer
    // are listed than there are, somebody may be missing. The first page tells how large pages are, and how many: the others come together.
    private async Task<IReadOnlyList<DirectoryEntry>?> ReadWholeAsync(string what, string path, CancellationToken cancellationToken)
    {
        var (total, all) = await PageAsync(1, cancellationToken);
        if (all.Count < total)
        {
            var step = all.Count - 1;
            if (step < 1) return null;
            var pages = new (long Total, List<DirectoryEntry> Entries)[Math.Min((total - 2) / step, mostPages)];
            if (pages.Length == mostPages) throw new PlatformException(PlatformFailure.Refused, $"{workspace.Host} lists {what} without an end.");
            await Parallel.ForAsync(0, pages.Length, new ParallelOptions { MaxDegreeOfParallelism = PagesAtOnce, CancellationToken = cancellationToken }, async (i, token) =>
                pages[i] = await PageAsync(((i + 1) * step) + 1, token));
            foreach (var (now, entries) in pages)
            {
                if (now != total || entries.Count == 0 || entries[0].Id != all[^1].Id) return null;
                all.AddRange(entries.Skip(1));
            }
        }

        return all.Count == total && all.DistinctBy(static e => e.Id).Count() == total ? all : null;

        Task<(long Total, List<DirectoryEntry> Entries)> PageAsync(int start, CancellationToken token) => workspace.GetAsync($"scim:{what}", $"{path}&startIndex={start}", Read, token);
    }

    private static (long Total, List<DirectoryEntry> Entries) Read(ref Utf8JsonReader reader)
    {
        var total = 0L;
        var entries = new List<DirectoryEntry>();
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("totalResults"u8)) total = reader.NextNumber() ?? 0;
            else if (!reader.ValueTextEquals("Resources"u8)) reader.SkipValue();
            else if (reader.EnterList())
                while (reader.NextItem()) entries.Add(Entry(ref reader));
        }

        return (total, entries);
    }

    private static DirectoryEntry Entry(ref Utf8JsonReader reader)
    {
        string? id = null, userName = null, application = null, display = null, external = null;
        List<string>? members = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("id"u8)) id = reader.NextId();
            else if (reader.ValueTextEquals("userName"u8)) userName = reader.NextText();
            else if (reader.ValueTextEquals("applicationId"u8)) application = reader.NextText();
            else if (reader.ValueTextEquals("displayName"u8)) display = reader.NextText();
            else if (reader.ValueTextEquals("externalId"u8)) external = reader.NextText();
            else if (!reader.ValueTextEquals("members"u8)) reader.SkipValue();
            else if (reader.EnterList())
                for (members = []; reader.NextItem();) Member(ref reader, members);
        }

        return new DirectoryEntry(id ?? throw new JsonException(), userName ?? application ?? display, members) { ExternalId = external, IsNamed = (userName ?? application) is not null };
    }

    private static void Member(ref Utf8JsonReader reader, List<string> members)
    {
        while (reader.NextMember())
        {
            if (!reader.ValueTextEquals("value"u8)) reader.SkipValue();
            else if (reader.NextId() is { } id) members.Add(id);
        }
    }
}
