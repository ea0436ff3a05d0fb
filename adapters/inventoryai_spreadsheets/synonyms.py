"""What tills and spreadsheets call their columns, in English and in French."""

import re
from collections.abc import Mapping
from typing import Final

from inventoryai.domain.tills import plain

_NAMES: Final[Mapping[str, str]] = {
    "date": """
        datedevente datevente saledate salesdate dateofsale soldon dateticket datefacture invoicedate
        transactiondate datetransaction dateoperation orderdate datecommande datedecommande
        dateinventaire datecomptage datedecomptage countdate countedat countedon datestock stockdate
        date dateheure datetime dateandtime timestamp jour day
    """,
    "sku": """
        sku skucode codesku codearticle articlecode refarticle referencearticle numeroarticle narticle
        codeproduit productcode refproduit referenceproduit productid idproduit idarticle productsku
        itemcode itemnumber itemno itemid itemsku stockcode stockkeepingunit articleid articlenumber
        reference ref code codebarre codebarres barcode ean ean13 gtin upc plu
        article produit product item
    """,
    "quantity": """
        quantitevendue qtevendue qtvendue quantitysold qtysold unitssold soldquantity soldqty unitesvendues
        nombrevendu quantity quantite qte qty qt units unites pieces nombre nb
    """,
    "on_hand": """
        onhand stockonhand quantityonhand qtyonhand onhandquantity onhandqty enstock quantiteenstock
        qteenstock qtestock quantitestock stockdisponible stockactuel stockphysique stockreel stockfinal
        currentstock stocklevel stockquantity stockqty instock disponible inventaire stock
        quantity quantite qte qty qt comptage
    """,
    "unit_price": """
        unitprice priceperunit prixunitaire prixunitairettc prixunitaireht prixunit pu puttc puht putttc
        prixdevente prixvente pv pvttc sellingprice saleprice salesprice retailprice
        price prix prixttc prixht tarif
    """,
    "amount": """
        amount lineamount montantligne montantttc montant montantht montanttotal totalligne linetotal
        totalttc totalht totalamount totalprice prixtotal total chiffredaffaires ca revenue turnover
        salesamount netamount netsales
    """,
    "name": """
        productname itemname articlename nomproduit nomduproduit nomarticle nomdelarticle
        designation designationarticle designationproduit libelle libellearticle libelleproduit
        productdescription itemdescription descriptionproduit descriptionarticle description
        intitule name nom article produit product item
    """,
    "category": """
        category productcategory itemcategory categorie categorieproduit categoriearticle
        famille famillearticle familleproduit productfamily family rayon departement department
        groupe group productgroup
    """,
    "external_id": """
        externalid externalref idexterne identifiantexterne lineid saleslineid transactionlineid
        idligne numeroligneunique uuid
    """,
}
_RANKS: Final = {
    field: {name: rank for rank, name in enumerate(names.split())} for field, names in _NAMES.items()
}
_ASIDE: Final = re.compile(r"\(.*?\)|\[.*?\]|[/:].*$")


def rank(field: str, header: str) -> int | None:
    """How telling a header is for a field: 0 is most; None, it is another's.

    Case, accents, spaces and punctuation do not count. What stands in brackets or after a slash or
    colon is looked at second: ``Quantité (kg)`` is a quantity.
    """
    known = _RANKS[field]
    whole = known.get(plain(header))
    return whole if whole is not None else known.get(plain(_ASIDE.sub("", header)))
