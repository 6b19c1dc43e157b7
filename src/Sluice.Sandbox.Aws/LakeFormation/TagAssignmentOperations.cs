using System.Text.Json;
using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Wire;
using Tags = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>Putting LF-Tags on databases, tables and columns, and taking them off.</summary>
internal static class TagAssignmentOperations
{
    private const int MostTagsOnResource = 50;

    public static void AddLFTagsToResource(Call call) => Each(call, (target, key, value) =>
    {
        var tag = call.Account.Tags.Find(key);
        if (tag is null || !tag.Values.Contains(value)) throw AwsException.NotFound($"Tag or tag value does not exist: {key}={value}");
        Demand(call, tag, value);
        foreach (var level in target.Levels)
        {
            var tags = level.Tags.SetItem(key, value);
            if (tags.Count > MostTagsOnResource) throw AwsException.InvalidInput($"A resource can't have more than {MostTagsOnResource} LF-Tags.");
            level.Put(tags);
        }
    });

    public static void RemoveLFTagsFromResource(Call call) => Each(call, (target, key, value) =>
    {
        if (call.Account.Tags.Find(key) is not { } tag) throw AwsException.NotFound($"Tag key not found: {key}");
        Demand(call, tag, value);
        foreach (var level in target.Levels)
        {
            if (!level.Tags.TryGetValue(key, out var assigned) || assigned != value) throw AwsException.NotFound($"Tag is not assigned to the resource: {key}={value}");
            level.Put(level.Tags.Remove(key));
        }
    });

    private static void Demand(Call call, LFTag tag, string value)
    {
        if (!call.Access.On(tag, value).Granted.HasFlag(LakePermissions.Associate)) throw TagOperations.Insufficient("Associate", $"LF-Tag {tag.Key}");
    }

    /// <summary>Applies a change tag by tag; what fails for one tag is answered beside the others.</summary>
    private static void Each(Call call, Action<Target, string, string> apply)
    {
        var resourceInput = call.Input.Object("Resource", required: true);
        var input = call.Input.Objects("LFTags", required: true);
        LakeInput.Check(call);
        if (input.Count is 0 or > MostTagsOnResource) throw AwsException.InvalidInput($"LFTags must have between 1 and {MostTagsOnResource} members.");
        var tags = input.Select(tag => (Wire: tag, Key: ResourceReader.Lower(tag, "TagKey"), Values: ResourceReader.Values(tag))).ToArray();
        if (tags.DistinctBy(tag => tag.Key).Count() != tags.Length) throw AwsException.InvalidInput("Provided list of tags contains duplicate tag key");
        if (tags.Any(tag => tag.Values is not [not "*"])) throw AwsException.InvalidInput("Tag value wild card was found or input tag value list has size not equal to 1");
        var target = Target.Of(call, ResourceReader.Read(resourceInput!.Value, call.Options.AccountId));

        call.Json.WriteStartObject();
        call.Json.WriteStartArray("Failures");
        foreach (var (wire, key, values) in tags)
        {
            try
            {
                apply(target, key, values[0]);
            }
            catch (AwsException problem)
            {
                WriteFailure(call.Json, wire, problem);
            }
        }

        call.Json.WriteEndArray();
        call.Json.WriteEndObject();
    }

    private static void WriteFailure(Utf8JsonWriter json, JsonElement tag, AwsException problem)
    {
        json.WriteStartObject();
        json.WritePropertyName("LFTag");
        tag.WriteTo(json);
        GrantOperations.WriteError(json, problem);
        json.WriteEndObject();
    }

    /// <summary>The levels a resource means: a database, a table, or each of some columns.</summary>
    private sealed record Target(IReadOnlyList<Level> Levels)
    {
        public static Target Of(Call call, LakeResource resource)
        {
            if (resource is not (NamedDatabase or NamedTable or TableColumns { Excluded: false })) throw AwsException.InvalidInput("Only database, table, or tableWithColumns resource are allowed.");
            var (database, table) = LakeInput.Find(call, resource);
            if (table is not { } found)
            {
                Require(call.Access.On(database), LakePermissions.ToTagDatabase, database.Name);
                return new([new(() => database.Tags, tags => database.Tags = tags)]);
            }

            if (resource is TableColumns some) LakeInput.CheckColumns(found, some.Columns);
            Require(call.Access.On(found), LakePermissions.ToTagTable, found.Name);
            string?[] columns = resource is TableColumns list ? [.. list.Columns] : [null];
            return new([.. columns.Select(column => Level.Of(found, column))]);
        }

        private static void Require(Access access, LakePermissions needed, string name)
        {
            if (!access.CanGrant(needed)) throw TagOperations.Insufficient($"Super or {string.Join(", ", LakePermissionNames.Of(needed))} with grant option", name);
        }
    }

    private sealed record Level(Func<Tags> Read, Action<Tags> Put)
    {
        public Tags Tags => Read();

        public static Level Of(TableEntry table, string? column) => new(
            () => column is null ? table.Assigned.Table : table.Assigned.On(column),
            tags => table.Database.Retag(table.Name, table.Assigned.With(column, tags)));
    }
}
