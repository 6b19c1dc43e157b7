namespace Sluice.Sandbox.Snowflake.Catalog;

/// <summary>Which tags are set on which objects and columns.</summary>
internal sealed class TagBook
{
    private readonly Dictionary<(long Id, string? Column), List<TagSetting>> settings = [];

    /// <summary>The tag of generated tables; null where nothing is generated.</summary>
    public SchemaObject? GeneratedTag { get; set; }

    public IReadOnlyList<TagSetting> On(Securable holder, string? column = null)
    {
        if (settings.TryGetValue((holder.Id, column), out var list)) return list;
        if (holder.Id < GeneratedTables.FirstId || GeneratedTag is null) return [];
        return GeneratedTables.TagAt(GeneratedTables.Split(holder.Id).Index) is { } tag
            && (tag.OnColumn ? column is not null && column == ((SchemaObject)holder).Columns[0].Name : column is null)
            ? [new(GeneratedTag, tag.Value, holder.CreatedOn)]
            : [];
    }

    public void Set(Securable holder, string? column, SchemaObject tag, string value, DateTimeOffset now)
    {
        var list = ForChange(holder, column);
        list.RemoveAll(setting => setting.Tag.Id == tag.Id);
        list.Add(new(tag, value, now));
    }

    public void Unset(Securable holder, string? column, SchemaObject tag) => ForChange(holder, column).RemoveAll(setting => setting.Tag.Id == tag.Id);

    public void RenameColumn(Securable holder, string from, string to)
    {
        var list = ForChange(holder, from);
        settings[(holder.Id, to)] = list;
        settings[(holder.Id, from)] = [];
    }

    /// <summary>Forgets what was set on an object or column that is dropped.</summary>
    public void Forget(Securable holder, string? column = null)
    {
        if (column is not null) settings[(holder.Id, column)] = [];
        else foreach (var key in settings.Keys.Where(key => key.Id == holder.Id).ToArray()) settings.Remove(key);
    }

    /// <summary>A dropped tag is set nowhere.</summary>
    public void ForgetTag(SchemaObject tag)
    {
        foreach (var list in settings.Values) list.RemoveAll(setting => setting.Tag.Id == tag.Id);
    }

    private List<TagSetting> ForChange(Securable holder, string? column)
    {
        if (!settings.TryGetValue((holder.Id, column), out var list)) settings[(holder.Id, column)] = list = [.. On(holder, column)];
        return list;
    }
}

internal sealed record TagSetting(SchemaObject Tag, string Value, DateTimeOffset On);
