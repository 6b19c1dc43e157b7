using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>Something that privileges are granted on.</summary>
/// <param name="Type">As the path of a request names it: <c>catalog</c>, <c>schema</c> or <c>table</c>, which a view is as well.</param>
/// <param name="Name">Its full name.</param>
internal readonly record struct Securable(string Type, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type} {Name}";
}

/// <summary>What is added to and removed from one principal's privileges on a securable.</summary>
internal sealed record PermissionsChange(string Principal, IReadOnlyList<string> Add, IReadOnlyList<string> Remove);

/// <summary>The calls about grants and about what protects tables.</summary>
internal sealed class GrantsClient(WorkspaceClient workspace, int mostPages)
{
    private const string Unity = "/api/2.1/unity-catalog";

    /// <summary>What was granted on a securable itself, nothing inherited. Whoever has MANAGE on it sees all.</summary>
    public Task<IReadOnlyList<PrivilegeAssignment>> PermissionsAsync(Securable securable, CancellationToken cancellationToken) => ListAsync(
        (token, cancel) => workspace.GetAsync("unity:permissions", $"{PathOf(securable)}?max_results=0{After(token)}", GovernedReading.Assignments, cancel), cancellationToken);

    /// <summary>Changes what is granted on a securable, all of it at once. Adding what is there, or removing what is not, changes nothing.</summary>
    public Task ChangeAsync(Securable securable, IReadOnlyList<PermissionsChange> changes, CancellationToken cancellationToken) =>
        workspace.PatchAsync("unity:change-permissions", PathOf(securable), BodyOf(changes), cancellationToken);

    /// <summary>The tables of a schema, with their owners, row filters and column masks.</summary>
    public Task<IReadOnlyList<GovernedTable>> TablesAsync(string catalog, string schema, CancellationToken cancellationToken) => ListAsync(
        (token, cancel) => workspace.GetAsync(
            "unity:governed-tables",
            $"{Unity}/tables?catalog_name={Uri.EscapeDataString(catalog)}&schema_name={Uri.EscapeDataString(schema)}&max_results=0&omit_properties=true{After(token)}",
            GovernedReading.Tables,
            cancel),
        cancellationToken);

    /// <summary>The functions of a schema.</summary>
    public Task<IReadOnlyList<FunctionEntry>> FunctionsAsync(string catalog, string schema, CancellationToken cancellationToken) => ListAsync(
        (token, cancel) => workspace.GetAsync(
            "unity:functions",
            $"{Unity}/functions?catalog_name={Uri.EscapeDataString(catalog)}&schema_name={Uri.EscapeDataString(schema)}&max_results=0{After(token)}",
            FunctionEntry.Page,
            cancel),
        cancellationToken);

    /// <summary>The owner of a catalog or schema; empty where the answer names none.</summary>
    public Task<string> OwnerAsync(Securable securable, CancellationToken cancellationToken) => workspace.GetAsync(
        $"unity:{securable.Type}", $"{Unity}/{(securable.Type == "catalog" ? "catalogs" : "schemas")}/{Uri.EscapeDataString(securable.Name)}", GovernedReading.Owner, cancellationToken);

    /// <summary>The body of a change (https://docs.databricks.com/api/uc-grants/v1/update-permissions).</summary>
    public static byte[] BodyOf(IReadOnlyList<PermissionsChange> changes) => Json.Utf8(json =>
    {
        json.WriteStartArray("changes");
        foreach (var change in changes)
        {
            json.WriteStartObject();
            json.WriteString("principal", change.Principal);
            Write("add", change.Add);
            Write("remove", change.Remove);
            json.WriteEndObject();
        }

        json.WriteEndArray();

        void Write(string member, IReadOnlyList<string> privileges)
        {
            if (privileges.Count == 0) return;
            json.WriteStartArray(member);
            foreach (var privilege in privileges) json.WriteStringValue(privilege);
            json.WriteEndArray();
        }
    });

    private static string PathOf(Securable securable) => $"{Unity}/permissions/{securable.Type}/{Uri.EscapeDataString(securable.Name)}";

    private static string After(string? token) => token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}";

    private async Task<IReadOnlyList<T>> ListAsync<T>(Func<string?, CancellationToken, Task<Page<T>>> read, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        var trail = new TokenTrail(mostPages);
        string? token = null;
        do
        {
            var page = await read(token, cancellationToken);
            items.AddRange(page.Items);
            token = trail.Follow(token, page.NextToken);
        }
        while (token is not null);
        return items;
    }
}
