namespace Sluice.Core.Catalog;

/// <summary>A data object as a crawl found it.</summary>
public sealed class DiscoveredObject
{
    private UInt128? _fingerprint;
    private UInt128? _stamp;

    /// <summary>Its path, the connection's key first.</summary>
    public required ObjectPath Path { get; init; }

    /// <summary>What it is.</summary>
    public required ObjectKind Kind { get; init; }

    /// <summary>
    /// The platform's own id, where it has one that outlives a rename or tells a re-creation. Null: the object is known by its name alone.
    /// </summary>
    public string? NativeId { get; init; }

    /// <summary>Whether the platform's id was not read this time, for the listing proves the object to be the one that is stored: its stored id stays.</summary>
    public bool NativeIdIsUnread { get; init; }

    /// <summary>The platform's comment, if any.</summary>
    public string? Comment { get; init; }

    /// <summary>Columns in the platform's order, partition keys last where the platform keeps them apart.</summary>
    public IReadOnlyList<DiscoveredColumn> Columns { get; init; } = [];

    /// <summary>Tags of the object and of its columns, inheritance resolved.</summary>
    public IReadOnlyList<ObjectTag> Tags { get; init; } = [];

    /// <summary>
    /// Whether the tags could not be read this time: those that are stored stay, for to take them for gone would lift whatever rests on them. What is stored as governed
    /// stays so too where it is <see cref="Governance.Unknown"/> without them: not to govern it any more would lift all that protects it.
    /// </summary>
    public bool TagsAreUnread { get; init; }

    /// <summary>Whether the platform would honour our grants on it.</summary>
    public Governance Governance { get; init; } = Governance.Governed;

    /// <summary>
    /// The evidence and the remedy when it is not governed, or what limits enforcement (missing grantable privileges, a resource link's
    /// target); null when there is nothing to say.
    /// </summary>
    public string? GovernanceReason { get; init; }

    /// <summary>How Sluice could grant on it: <c>tags</c> or <c>named</c> (Lake Formation), <c>none</c> where it can't; null where the platform has one way.</summary>
    public string? GrantMethod { get; init; }

    /// <summary>
    /// When the platform last changed it, as the platform writes it. Null where the platform does not tell, or could not be believed: the object was
    /// changed while it was read.
    /// </summary>
    public string? LastChanged { get; init; }

    /// <summary>
    /// A digest of all that the platform tells of the object without its columns: <see cref="LastChanged"/>, and everything above but <see cref="Columns"/>,
    /// unread tags never passing for none. The same stamp the next time means that the columns are the same too and need not be read. Null without <see cref="LastChanged"/>.
    /// </summary>
    public UInt128? ChangeStamp => LastChanged is null ? null : _stamp ??= Catalog.Fingerprint.StampOf(this);

    /// <summary>The same object with tags that were read before. Its stamp stays that of the object without them.</summary>
    /// <param name="tags">What is stored.</param>
    /// <param name="isGoverned">Whether it is stored as governed.</param>
    /// <param name="governanceReason">What is stored as limiting that.</param>
    public DiscoveredObject WithTags(IReadOnlyList<ObjectTag> tags, bool isGoverned, string? governanceReason) =>
        With(NativeId, tags, tagsAreUnread: false, ChangeStamp, isGoverned && Governance == Governance.Unknown ? (Governance.Governed, governanceReason) : (Governance, GovernanceReason));

    /// <summary>The same object with the id that was read before.</summary>
    public DiscoveredObject WithNativeId(string? nativeId) => With(nativeId, Tags, TagsAreUnread, stamp: null, (Governance, GovernanceReason));

    /// <summary>A digest of everything above but the path and the stamp: equal digests mean that nothing needs writing.</summary>
    public UInt128 Fingerprint => _fingerprint ??= Catalog.Fingerprint.Of(this);

    /// <summary>The same object, its digests computed: where several tasks read, each does so itself, and not the one that merges what all of them found.</summary>
    public DiscoveredObject Digested()
    {
        _ = (Fingerprint, ChangeStamp);
        return this;
    }

    private DiscoveredObject With(string? nativeId, IReadOnlyList<ObjectTag> tags, bool tagsAreUnread, UInt128? stamp, (Governance Governance, string? Reason) governed) => new()
    {
        Path = Path,
        Kind = Kind,
        NativeId = nativeId,
        Comment = Comment,
        Columns = Columns,
        Tags = tags,
        TagsAreUnread = tagsAreUnread,
        Governance = governed.Governance,
        GovernanceReason = governed.Reason,
        GrantMethod = GrantMethod,
        LastChanged = LastChanged,
        _stamp = stamp,
    };
}
