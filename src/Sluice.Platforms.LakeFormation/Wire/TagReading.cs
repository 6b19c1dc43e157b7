using System.Text.Json;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>Reads LF-Tags and what carries them.</summary>
internal sealed class TagReading(TextPool pool)
{
    public Page<LFTag> Tags(ref Utf8JsonReader reader)
    {
        IReadOnlyList<LFTag> tags = [];
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("LFTags"u8)) tags = NextTags(ref reader, pool);
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

    /// <summary>The answer of GetResourceLFTags.</summary>
    public TaggedResource ResourceTags(ref Utf8JsonReader reader)
    {
        reader.EnterAnswer();
        return Members(ref reader);
    }

    /// <summary>A page of SearchTablesByLFTags or SearchDatabasesByLFTags.</summary>
    public Page<TaggedResource> Found(ref Utf8JsonReader reader)
    {
        var found = new List<TaggedResource>(100);
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("TableList"u8) || reader.ValueTextEquals("DatabaseList"u8))
            {
                if (!reader.EnterList()) continue;
                while (reader.NextItem()) found.Add(Members(ref reader));
            }
            else if (reader.ValueTextEquals("NextToken"u8)) token = reader.NextToken();
            else reader.SkipValue();
        }

        return new Page<TaggedResource>(found, token);
    }

    /// <summary>A list of LF-Tags, the reader being on the member's name.</summary>
    public static IReadOnlyList<LFTag> NextTags(ref Utf8JsonReader reader, TextPool pool)
    {
        if (!reader.EnterList()) return [];
        List<LFTag>? tags = null;
        while (reader.NextItem()) (tags ??= []).Add(TagMembers(ref reader, pool));
        return tags ?? (IReadOnlyList<LFTag>)[];
    }

    /// <summary>A list of values, the reader being on the member's name.</summary>
    public static IReadOnlyList<string> NextValues(ref Utf8JsonReader reader, TextPool pool)
    {
        if (!reader.EnterList()) return [];
        var values = new List<string>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.String) values.Add(pool.Get(ref reader) ?? "");
        return values;
    }

    private static LFTag TagMembers(ref Utf8JsonReader reader, TextPool pool)
    {
        string? key = null;
        IReadOnlyList<string> values = [];
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("TagKey"u8)) key = reader.NextText(pool);
            else if (reader.ValueTextEquals("TagValues"u8)) values = NextValues(ref reader, pool);
            else reader.SkipValue();
        }

        return new LFTag(key ?? throw new JsonException(), values);
    }

    // One reader for three shapes: TaggedTable has Table, TaggedDatabase has Database and LFTags, GetResourceLFTags names no resource.
    private TaggedResource Members(ref Utf8JsonReader reader)
    {
        var resource = new TaggedResource();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("Table"u8) || reader.ValueTextEquals("Database"u8)) ReadName(ref reader, resource);
            else if (reader.ValueTextEquals("LFTagOnDatabase"u8) || reader.ValueTextEquals("LFTags"u8)) resource.OnDatabase = NextTags(ref reader, pool);
            else if (reader.ValueTextEquals("LFTagsOnTable"u8)) resource.OnTable = NextTags(ref reader, pool);
            else if (reader.ValueTextEquals("LFTagsOnColumns"u8)) resource.OnColumns = Columns(ref reader);
            else reader.SkipValue();
        }

        return resource;
    }

    private void ReadName(ref Utf8JsonReader reader, TaggedResource resource)
    {
        if (!reader.EnterObject()) return;
        string? database = null, name = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("DatabaseName"u8)) database = reader.NextText(pool);
            else if (reader.ValueTextEquals("Name"u8)) name = reader.NextText(pool);
            else reader.SkipValue();
        }

        resource.Database = database ?? name ?? "";
        resource.Table = database is null ? null : name;
    }

    private List<(string Column, IReadOnlyList<LFTag> Tags)> Columns(ref Utf8JsonReader reader)
    {
        var columns = new List<(string Column, IReadOnlyList<LFTag> Tags)>();
        if (!reader.EnterList()) return columns;
        while (reader.NextItem())
        {
            string? name = null;
            IReadOnlyList<LFTag> tags = [];
            while (reader.NextMember())
            {
                if (reader.ValueTextEquals("Name"u8)) name = reader.NextText(pool);
                else if (reader.ValueTextEquals("LFTags"u8)) tags = NextTags(ref reader, pool);
                else reader.SkipValue();
            }

            if (name is not null && tags.Count > 0) columns.Add((name, tags));
        }

        return columns;
    }
}
