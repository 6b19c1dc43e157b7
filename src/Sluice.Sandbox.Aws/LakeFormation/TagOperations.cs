using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>Defining LF-Tags: create, change, delete, read.</summary>
internal static partial class TagOperations
{
    private const int MostTags = 1000;
    private const int MostValues = 1000;
    private const int LargestPage = 50;

    public static void CreateLFTag(Call call)
    {
        var key = ReadKey(call);
        var values = ReadValues(call, "TagValues", required: true);
        LakeInput.Check(call);
        if (!call.Access.MayCreateTags) throw Insufficient("Create LF-Tag", "Catalog");
        // The API reference lists no AlreadyExistsException for this operation.
        if (call.Account.Tags.Find(key) is not null) throw AwsException.InvalidInput($"Tag key already exists: {key}");
        if (call.Account.Tags.Count >= MostTags) throw LimitExceeded($"The account can't have more than {MostTags} LF-Tags.");
        call.Account.Tags.Put(new(key, values, call.Caller.PrincipalArn));
        WriteNothing(call.Json);
    }

    public static void UpdateLFTag(Call call)
    {
        var key = ReadKey(call);
        var added = ReadValues(call, "TagValuesToAdd", required: false);
        var deleted = ReadValues(call, "TagValuesToDelete", required: false);
        LakeInput.Check(call);
        if (added.IsEmpty && deleted.IsEmpty) throw AwsException.InvalidInput("TagValuesToAdd or TagValuesToDelete must be given.");
        if (!added.Intersect(deleted).IsEmpty) throw AwsException.InvalidInput("The same tag value can't be both added and deleted.");
        var tag = Find(call, key);
        if (!Holds(call, tag, LakePermissions.Alter)) throw Insufficient("Alter", $"LF-Tag {key}");
        if (deleted.Except(tag.Values) is { IsEmpty: false } missing) throw AwsException.InvalidInput($"Tag value not found: {string.Join(", ", missing)}");
        if (IsAssigned(call, key, deleted)) throw AwsException.InvalidInput("Update not allowed. Untag the resource before deleting the tag key's value.");
        var values = tag.Values.Except(deleted).Union(added);
        if (values.Count > MostValues) throw LimitExceeded($"An LF-Tag can't have more than {MostValues} values.");
        if (values.IsEmpty) throw AwsException.InvalidInput("An LF-Tag must keep at least one value.");
        call.Account.Tags.Put(tag with { Values = values });
        WriteNothing(call.Json);
    }

    public static void DeleteLFTag(Call call)
    {
        var key = ReadKey(call);
        LakeInput.Check(call);
        var tag = Find(call, key);
        if (!Holds(call, tag, LakePermissions.Drop)) throw Insufficient("Drop", $"LF-Tag {key}");
        call.Account.Tags.Remove(key);
        // Assignments and policies stay behind without effect; taking them away comes to the same and keeps searches honest.
        foreach (var database in call.Account.Catalog.All) Unassign(database, key);
        call.Account.Grants.Follow(resource => resource switch
        {
            TagValues values when values.TagKey == key => null,
            TagPolicy policy when policy.Expression.Conditions.ContainsKey(key) => null,
            _ => resource,
        });
        WriteNothing(call.Json);
    }

    public static void GetLFTag(Call call)
    {
        var key = ReadKey(call);
        LakeInput.Check(call);
        var tag = Find(call, key);
        var values = Shown(call, tag);
        if (values.IsEmpty) throw Insufficient("Describe", $"LF-Tag {key}");
        call.Json.WriteStartObject();
        WriteTag(call, key, values);
        call.Json.WriteEndObject();
    }

    public static void ListLFTags(Call call)
    {
        var size = Math.Min(call.Input.PageSize(1000), LargestPage);
        var share = call.Input.Text("ResourceShareType");
        if (share is not (null or "FOREIGN" or "ALL")) call.Input.Violate(share, "ResourceShareType", "Member must satisfy enum value set: [FOREIGN, ALL]");
        LakeInput.Check(call);
        var scope = $"ListLFTags/{share}";
        var after = call.Position(scope);
        var found = call.Account.Tags.All
            .Where(tag => share != "FOREIGN" && (after is null || string.CompareOrdinal(tag.Key, after) > 0))
            .Select(tag => (tag.Key, Values: Shown(call, tag)))
            .Where(tag => !tag.Values.IsEmpty)
            .Take(size + 1)
            .ToList();
        call.Json.WriteStartObject();
        call.Json.WriteStartArray("LFTags");
        foreach (var (key, values) in found.Take(size))
        {
            call.Json.WriteStartObject();
            WriteTag(call, key, values);
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        if (found.Count > size) call.WriteNextToken(scope, found[size - 1].Key);
        call.Json.WriteEndObject();
    }

    internal static AwsException Insufficient(string permission, string on) =>
        AwsException.Denied($"Insufficient Lake Formation permission(s): Required {permission} on {on}");

    private static AwsException LimitExceeded(string message) => new("ResourceNumberLimitExceededException", message);

    private static LFTag Find(Call call, string key) =>
        call.Account.Tags.Find(key) ?? throw AwsException.NotFound($"Tag key not found: {key}");

    private static bool Holds(Call call, LFTag tag, LakePermissions permission) =>
        tag.Values.All(value => call.Access.On(tag, value).Granted.HasFlag(permission));

    private static ImmutableSortedSet<string> Shown(Call call, LFTag tag) =>
        call.Access.IsAdministrator ? tag.Values : tag.Values.Where(value => call.Access.Sees(tag, value)).ToImmutableSortedSet(StringComparer.Ordinal);

    private static string ReadKey(Call call)
    {
        var key = call.Input.Text("TagKey", required: true, LakeInput.LongestTagText) ?? "";
        if (!KeyPattern().IsMatch(key)) call.Input.Violate(key, "TagKey", $"Member must satisfy regular expression pattern: {KeyPattern()}");
        return key.ToLowerInvariant();
    }

    private static ImmutableSortedSet<string> ReadValues(Call call, string name, bool required)
    {
        var values = call.Input.Texts(name, required);
        if (call.Input.Has(name) && values.Count is 0 or > 50) call.Input.Violate($"{values.Count} values", name, "Member must have length between 1 and 50");
        foreach (var value in values)
        {
            if (value.Length > LakeInput.LongestTagText) call.Input.Violate(value, name, $"Member must have length less than or equal to {LakeInput.LongestTagText}");
            if (!ValuePattern().IsMatch(value) || value == "*") call.Input.Violate(value, name, $"Member must satisfy regular expression pattern: {ValuePattern()}");
        }

        return values.Select(value => value.ToLowerInvariant()).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    private static bool IsAssigned(Call call, string key, ImmutableSortedSet<string> values)
    {
        if (values.IsEmpty) return false;
        bool Has(ImmutableSortedDictionary<string, string> tags) => tags.TryGetValue(key, out var value) && values.Contains(value);
        return call.Account.Catalog.All.Any(database => Has(database.Tags))
            || call.Account.Catalog.TablesAfter(null, null).Any(table => table.Assigned is var assigned && (Has(assigned.Table) || assigned.Columns.Values.Any(Has)));
    }

    private static void Unassign(DatabaseState database, string key)
    {
        database.Tags = database.Tags.Remove(key);
        foreach (var table in database.After(null))
        {
            var assigned = table.Assigned;
            if (!assigned.Table.ContainsKey(key) && !assigned.Columns.Values.Any(tags => tags.ContainsKey(key))) continue;
            var without = assigned.With(null, assigned.Table.Remove(key));
            foreach (var (column, tags) in assigned.Columns) without = without.With(column, tags.Remove(key));
            database.Retag(table.Name, without);
        }
    }

    private static void WriteTag(Call call, string key, IEnumerable<string> values)
    {
        call.Json.WriteString("CatalogId", call.Options.AccountId);
        call.Json.WriteString("TagKey", key);
        ResourceWriter.Names(call.Json, "TagValues", values);
    }

    private static void WriteNothing(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteEndObject();
    }

    [GeneratedRegex("""^([\p{L}\p{Z}\p{N}_.:\/=+\-@%]*)$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KeyPattern();

    [GeneratedRegex("""^([\p{L}\p{Z}\p{N}_.:\*\/=+\-@%]*)$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ValuePattern();
}
