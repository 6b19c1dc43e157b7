using System.Runtime.InteropServices;

namespace Sluice.Core.Planning;

/// <summary>Who reads what before and after some changes. Objects that nothing changes are only counted; of the others those that are alike are looked at once.</summary>
internal sealed class AccessPicture
{
    private readonly FactNumbers _numbers;
    private readonly ILookup<int, NumberedChange> _changes;
    private readonly HashSet<int> _touched = [];
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly List<Group> _inOrder = [];
    private readonly List<int> _signature = [];
    private NumberedKey[] _buffer = [];

    /// <summary>Looks at all objects.</summary>
    /// <param name="facts">What is there before.</param>
    /// <param name="numbers">The numbers of both.</param>
    /// <param name="changes">What changes.</param>
    /// <param name="depth">Of the objects that count.</param>
    /// <param name="isUncovering">Whether somebody is told more than before by what rules know of people.</param>
    public AccessPicture(FactTable facts, FactNumbers numbers, IReadOnlyList<Change> changes, int depth, bool isUncovering)
    {
        _numbers = numbers;
        var numbered = changes.Select(c => new NumberedChange(numbers.Of(c.Key), c.Verb == ChangeVerb.Remove)).ToList();
        _changes = numbered.ToLookup(static c => c.Key.Object);
        Before = AudienceMembers.Of(facts.Keys, numbers.NameCount);
        After = Before.After(numbered, _touched);
        var readers = new ReaderCount(Before);
        for (var on = 0; on < numbers.ObjectCount; on++)
        {
            if (numbers.PathOf(on).Depth != depth) continue;
            var room = facts.RoomOn(on);
            if (_buffer.Length < room) _buffer = new NumberedKey[room * 2];
            var surface = facts.Read(on, _buffer);
            if (_changes.Contains(on) || IsTouched(surface, isUncovering)) Put(on, surface);
            else UnchangedPairs += readers.Of(surface);
        }
    }

    /// <summary>Who belongs to which audience before.</summary>
    public AudienceMembers Before { get; }

    /// <summary>Who belongs to which audience after.</summary>
    public AudienceMembers After { get; }

    /// <summary>The pairs of a reader and an object on which nothing changes.</summary>
    public long UnchangedPairs { get; }

    /// <summary>The other objects, those together that are alike before and after.</summary>
    public IReadOnlyList<Group> Changed => _inOrder;

    private bool IsTouched(ReadOnlySpan<NumberedKey> surface, bool isUncovering)
    {
        if (_touched.Count == 0 && !isUncovering) return false;
        foreach (var key in surface)
            if (key.Kind == FactKind.Grant ? _touched.Contains(key.Subject) : isUncovering) return true;
        return false;
    }

    private void Put(int on, ReadOnlySpan<NumberedKey> surface)
    {
        var before = surface.ToArray();
        Array.Sort(before, Compare);
        var after = Apply(before, [.. _changes[on]]);
        _signature.Clear();
        _signature.Add(before.Length);
        Sign(before);
        Sign(after);
        var lookup = _groups.GetAlternateLookup<ReadOnlySpan<char>>();
        var name = MemoryMarshal.Cast<int, char>(CollectionsMarshal.AsSpan(_signature));
        if (!lookup.TryGetValue(name, out var group)) _inOrder.Add(lookup[name] = group = new Group(before, after));
        group.Objects.Add(on);
    }

    private void Sign(NumberedKey[] keys)
    {
        foreach (var key in keys)
        {
            _signature.Add((int)key.Kind);
            _signature.Add(key.Detail);
            _signature.Add(key.Subject);
        }
    }

    private static NumberedKey[] Apply(NumberedKey[] before, NumberedChange[] changes)
    {
        if (changes.Length == 0) return before;
        Array.Sort(changes, static (x, y) => Compare(x.Key, y.Key));
        var after = new NumberedKey[before.Length + changes.Length];
        var (next, count) = (0, 0);
        foreach (var (key, isRemoved) in changes)
        {
            while (next < before.Length && Compare(before[next], key) < 0) after[count++] = before[next++];
            if (next < before.Length && before[next] == key) next++;
            if (!isRemoved) after[count++] = key;
        }

        before.AsSpan(next).CopyTo(after.AsSpan(count));
        return after[..(count + before.Length - next)];
    }

    private static int Compare(NumberedKey x, NumberedKey y)
    {
        var order = x.Kind.CompareTo(y.Kind);
        if (order == 0) order = x.Detail.CompareTo(y.Detail);
        return order != 0 ? order : x.Subject.CompareTo(y.Subject);
    }

    /// <summary>Objects with the same on them before, and the same after.</summary>
    /// <param name="before">What is on them before, in order of kind and detail.</param>
    /// <param name="after">And after, likewise.</param>
    public sealed class Group(NumberedKey[] before, NumberedKey[] after)
    {
        private readonly Range _grantsBefore = Grants(before);
        private readonly Range _grantsAfter = Grants(after);

        /// <summary>The grants before, in the order of their details.</summary>
        public ReadOnlySpan<NumberedKey> GrantsBefore => before.AsSpan(_grantsBefore);

        /// <summary>The grants after, likewise.</summary>
        public ReadOnlySpan<NumberedKey> GrantsAfter => after.AsSpan(_grantsAfter);

        /// <summary>Whether any protection is there after.</summary>
        public bool IsProtected { get; } = Array.Exists(after, IsProtection);

        /// <summary>Whether a protection goes.</summary>
        public bool IsUnprotected { get; } = Array.Exists(before, k => IsProtection(k) && !after.Contains(k));

        /// <summary>Their numbers.</summary>
        public List<int> Objects { get; } = [];

        private static bool IsProtection(NumberedKey key) => key.Kind != FactKind.Grant;

        private static Range Grants(NumberedKey[] keys)
        {
            var start = Array.FindIndex(keys, static k => k.Kind == FactKind.Grant);
            return start < 0 ? default : start..(Array.FindLastIndex(keys, static k => k.Kind == FactKind.Grant) + 1);
        }
    }
}
