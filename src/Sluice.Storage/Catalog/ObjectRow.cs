using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sluice.Core.Catalog;

namespace Sluice.Storage.Catalog;

/// <summary>
/// A data object's row. It carries no foreign key, nor do its columns and tags: they are written by one class under the connection's row
/// lock, and a check per row would cost a bulk load a third of its time.
/// </summary>
internal sealed class ObjectRow
{
    public long Id { get; set; }
    public Guid ConnectionId { get; set; }
    public long? ParentId { get; set; }
    public string Lineage { get; set; } = "";
    public int Depth { get; set; }
    public string Name { get; set; } = "";

    /// <summary>What the name is indexed by; see <see cref="Catalog.NameKey"/>.</summary>
    public string NameKey { get; set; } = "";
    public ObjectKind Kind { get; set; }
    public string? NativeId { get; set; }
    public string? Comment { get; set; }
    public Governance Governance { get; set; }
    public string? GovernanceReason { get; set; }
    public string? GrantMethod { get; set; }
    public byte[] Fingerprint { get; set; } = [];
    public byte[]? ChangeStamp { get; set; }

    /// <summary>The digest of the listing that its children are stored as; null once any of them was written otherwise.</summary>
    public byte[]? ListingFingerprint { get; set; }
    public bool? IsActive { get; set; }
    public bool? ActivateNewChildren { get; set; }

    /// <summary>A JSON list of ids.</summary>
    public string? DataOwners { get; set; }
    public bool DiscoveredNew { get; set; }
    public DateTimeOffset? MissingSince { get; set; }

    /// <summary>Another object has taken its name.</summary>
    public bool Replaced { get; set; }

    /// <summary>It is replaced, or something above it is: no path leads to it.</summary>
    public bool Hidden { get; set; }
    public DateTimeOffset DiscoveredAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<ObjectRow>
    {
        public void Configure(EntityTypeBuilder<ObjectRow> builder)
        {
            builder.ToTable("data_objects").HasKey(o => o.Id);
            builder.Property(o => o.Id).ValueGeneratedNever();
            builder.HasIndex(o => new { o.ParentId, o.NameKey }, "ux_data_objects_parent_id_name_key").IsUnique().HasFilter("NOT replaced");
            builder.HasIndex(o => o.ParentId, "ix_data_objects_replaced").HasFilter("replaced");
            builder.HasIndex(o => o.Lineage, "ux_data_objects_lineage").IsUnique();
            builder.HasIndex(o => o.Lineage, "ix_data_objects_is_active").HasFilter("is_active IS NOT NULL AND NOT hidden");
            builder.HasIndex(o => o.Lineage, "ix_data_objects_activate_new_children").HasFilter("activate_new_children IS NOT NULL AND NOT hidden");
            builder.HasIndex(o => o.Lineage, "ix_data_objects_not_governed").HasFilter("governance <> 0 AND NOT hidden");
            builder.HasIndex(o => o.Lineage, "ix_data_objects_data_owners").HasFilter("data_owners IS NOT NULL AND NOT hidden");
        }
    }
}
