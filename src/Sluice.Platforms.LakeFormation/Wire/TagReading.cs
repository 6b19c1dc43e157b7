using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Governing;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>Reads LF-Tags and what carries them.</summary>
internal sealed class TagReading(string catalogId, LakePool pool)
{
    public Page<LFTag> Tags(ref Utf8JsonReader reader)
    {
        List<LFTag> tags = [];
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("LFTags"u8)) AddTags(ref reader, pool, tags);
            else if (reader.ValueTextEquals("NextToken"u8)) token = reader.NextToken();
            else reader.SkipValue();
        }

        return new Page<LFTag>(tags, token);
    }

    /// <summary>The answer of GetLFTag.</summary>
    public LFTag Tag(ref Utf8JsonReader reader)
    {
        reader.EnterAnswer();
        return TagMembers(ref reader, pool);
    }

    /// <summary>The answer of GetResourceLFTags about a database.</summary>
    public ResourceTags DatabaseTags(ReadOnlySpan<byte> body, ref Utf8JsonReader reader)
    {
        var resource = new TaggedResource();
        reader.EnterAnswer();
        ReadMembers(ref body, ref reader, resource, new TagLists(pool));
        return new ResourceTags(resource.Database, null, [.. TagResolution.OfDatabase(resource, pool, [])]);
    }

    /// <summary>The answer of GetResourceLFTags about a table.</summary>
    public ResourceTags TableTags(ReadOnlySpan<byte> body, ref Utf8JsonReader reader)
    {
        var resource = new TaggedResource();
        reader.EnterAnswer();
        ReadMembers(ref body, ref reader, resource, new TagLists(pool));
        ObjectTag[] tags = [.. TagResolution.OfTable(resource, searched: null, pool, [])];
        return new ResourceTags(resource.Database, resource.Table, tags, TagResolution.HiddenOnColumn(resource));
    }

    /// <summary>A page of SearchTablesByLFTags or SearchDatabasesByLFTags, searched by one key.</summary>
    public Page<ResourceTags> Found(string searched, ReadOnlySpan<byte> body, ref Utf8JsonReader reader)
    {
        var lists = new TagLists(pool);
        var found = new List<ResourceTags>(100);
        var resource = new TaggedResource();
        var resolved = new List<ObjectTag>();
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("TableList"u8) || reader.ValueTextEquals("DatabaseList"u8))
            {
                if (!reader.EnterList()) continue;
                while (reader.NextItem())
                {
                    resource.Clear();
                    resolved.Clear();
                    ReadMembers(ref body, ref reader, resource, lists);

                    // One of another catalog (shared, linked) may have the name of one of ours.
                    if (resource.CatalogId is { } catalog && catalog != catalogId) continue;
                    if (resource.Table is null) TagResolution.OfDatabase(resource, pool, resolved);
                    else TagResolution.OfTable(resource, searched, pool, resolved);
                    found.Add(new ResourceTags(
                        resource.Database, resource.Table, Shared(resolved, found), TagResolution.HiddenOnColumn(resource)));
                }
            }
            else if (reader.ValueTextEquals("NextToken"u8)) token = reader.NextToken();
            else reader.SkipValue();
        }

        return new Page<ResourceTags>(found, token);
    }

    /// <summary>A list of LF-Tags, the reader being on the member's name.</summary>
    public static IReadOnlyList<LFTag> NextTags(ref Utf8JsonReader reader, LakePool pool)
    {
        var tags = new List<LFTag>();
        AddTags(ref reader, pool, tags);
        return tags;
    }

    // Neighbours mostly have the same tags, from their database: they share one list.
    private static ObjectTag[] Shared(List<ObjectTag> resolved, List<ResourceTags> found) =>
        found.Count > 0 && TagResolution.AreSame(found[^1].Tags, resolved) ? found[^1].Tags : [.. resolved];

    internal static void AddTags(ref Utf8JsonReader reader, LakePool pool, List<LFTag> tags)
    {
        if (!reader.EnterList()) return;
        while (reader.NextItem()) tags.Add(TagMembers(ref reader, pool));
    }

    private static LFTag TagMembers(ref Utf8JsonReader reader, LakePool pool)
    {
        string? key = null, only = null;
        List<string>? values = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("TagKey"u8)) key = reader.NextText(pool);
            else if (!reader.ValueTextEquals("TagValues"u8)) reader.SkipValue();
            else if (reader.EnterList())
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    var value = pool.Get(ref reader) ?? "";
                    if (only is null && values is null) only = value;
                    else (values ??= [only!]).Add(value);
                }
            }
        }

        if (key is null) throw new JsonException();
        return values is not null ? new LFTag(key, [.. values]) : only is not null ? pool.SingleTag(key, only) : new LFTag(key, []);
    }

    // One reader for three shapes: TaggedTable has Table, TaggedDatabase has Database and LFTags, GetResourceLFTags names no resource.
    private void ReadMembers(ref ReadOnlySpan<byte> body, ref Utf8JsonReader reader, TaggedResource resource, TagLists lists)
    {
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("Table"u8) || reader.ValueTextEquals("Database"u8)) ReadName(ref reader, resource);
            else if (reader.ValueTextEquals("LFTagOnDatabase"u8)) resource.OnDatabase = lists.Next(ref body, ref reader);
            else if (reader.ValueTextEquals("LFTags"u8)) resource.OnDatabase = lists.Next(ref body, ref reader);
            else if (reader.ValueTextEquals("LFTagsOnTable"u8)) resource.OnTable = lists.Next(ref body, ref reader);
            else if (reader.ValueTextEquals("LFTagsOnColumns"u8)) ReadColumns(ref body, ref reader, resource, lists);
            else reader.SkipValue();
        }
    }

    private void ReadName(ref Utf8JsonReader reader, TaggedResource resource)
    {
        if (!reader.EnterObject()) return;
        string? database = null, name = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("DatabaseName"u8)) database = reader.NextText(pool);
            else if (reader.ValueTextEquals("Name"u8)) name = reader.NextText(pool);
            else if (reader.ValueTextEquals("CatalogId"u8)) resource.CatalogId = reader.NextText(pool);
            else reader.SkipValue();
        }

        resource.Database = database ?? name ?? "";
        resource.Table = database is null ? null : name;
    }

    private void ReadColumns(ref ReadOnlySpan<byte> body, ref Utf8JsonReader reader, TaggedResource resource, TagLists lists)
    {
        if (!reader.EnterList()) return;
        while (reader.NextItem())
        {
            Utf8JsonReader name = default;
            LFTag[]? tags = null;
            while (reader.NextMember())
            {
                if (reader.ValueTextEquals("Name"u8))
                {
                    reader.Read();
                    if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null)) throw new JsonException();
                    name = reader;
                }
                else if (reader.ValueTextEquals("LFTags"u8)) tags = lists.Next(ref body, ref reader);
                else reader.SkipValue();
            }

            // What a column has from its table, all of it, is not listed again: of most columns not even the name is needed.
            if (tags is null || ReferenceEquals(tags, resource.OnTable)) continue;
            if (name.TokenType != JsonTokenType.String || pool.Get(ref name) is not { } column) continue;
            foreach (var tag in tags) resource.OnColumns.Add((column, tag));
        }
    }
}
