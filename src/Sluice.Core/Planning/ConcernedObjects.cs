using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>Some objects of a connection, and what lies above them.</summary>
public sealed class ConcernedObjects
{
    private readonly HashSet<ObjectPath> _objects;
    private readonly HashSet<ObjectPath> _above = [];

    /// <summary>These objects.</summary>
    public ConcernedObjects(IEnumerable<ObjectPath> objects)
    {
        _objects = [.. objects];
        foreach (var path in _objects)
        {
            var above = path.Parent;
            while (above is not null && _above.Add(above)) above = above.Parent;
        }
    }

    /// <summary>Whether it is one of them.</summary>
    public bool Contains(ObjectPath path) => _objects.Contains(path);

    /// <summary>Whether it is one of them or lies above one.</summary>
    public bool Reaches(ObjectPath path) => _objects.Contains(path) || _above.Contains(path);
}
