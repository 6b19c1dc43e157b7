namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>The relations a schema was born with, in ordinal order of their names.</summary>
internal interface ITableSource
{
    int Count { get; }

    string NameAt(int index);

    TableObject At(int index);

    /// <summary>The index of a name, or the complement of where it would stand.</summary>
    int IndexOf(string name);
}
